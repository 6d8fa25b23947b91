"""GitHub Classroom's clones: a folder SLUG-submissions of one repository SLUG-LOGIN a learner.

So does `gh classroom clone student-repos` name them (github/gh-classroom, its student-repos.go).
The older Classroom Assistant calls a clone by the roster's identifier or the login alone: that is
one folder a learner.
"""

import re
from itertools import takewhile

from grader.handed_in import Learner
from grader.load.layouts.base import Entry, Listing, Reading

NAME = "classroom"
WHAT = "GitHub Classroom's clones"
EXAMPLE = "lab6-submissions/lab6-octocat/q6.py"

_LOGIN = re.compile(r"[0-9A-Za-z](?:-?[0-9A-Za-z])*(?:_[0-9A-Za-z]+)?")
"""GitHub's logins; those that a company manages end in _ and its short name."""


def read(listing: Listing) -> Reading:
    """The files of each clone.

    The folder's name tells what is assignment and what is login. Without it what all names begin
    with is taken for the assignment, which is a guess.
    """
    clones = {item.path.partition("/")[0] for item in listing.items if "/" in item.path}
    slug = listing.name.removesuffix("-submissions")
    is_named = slug != listing.name
    start = f"{slug}-" if is_named else _shared(clones)
    entries = []
    strays = []
    for item in listing.items:
        clone, slash, path = item.path.partition("/")
        login = clone.removeprefix(start)
        if start and slash and clone.startswith(start) and _LOGIN.fullmatch(login):
            learner = Learner(id=login, ids={"github": login})
            entries.append(Entry(learner=learner, path=path, member=item.member))
        else:
            strays.append(item)
    return Reading(what=WHAT, entries=tuple(entries), strays=tuple(strays), sure=is_named)


def _shared(clones: set[str]) -> str:
    """What the names of several clones begin with, up to a hyphen."""
    columns = takewhile(lambda letters: len(set(letters)) == 1, zip(*clones, strict=False))
    start = "".join(letters[0] for letters in columns) if len(clones) > 1 else ""
    return start[: start.rfind("-") + 1]
