"""Gradescope's "Export Submissions": a folder submission_NNN for each, and who they are by.

The zip has one folder assignment_NNN_export, with submission_metadata.yml beside the submissions.
Whoever handed in together is named there together: each of them has handed it in. Of several
attempts it holds the one that counts.
"""

import re

from grader.handed_in import Learner
from grader.load.layouts.base import Entry, Item, Listing, Reading, natural, some, tidy
from grader.load.layouts.metadata import LARGEST, About, Submitter, read_metadata
from grader.load.members import MemberError

NAME = "gradescope"
WHAT = "a Gradescope export"
EXAMPLE = "assignment_77_export/submission_4711/q6.py"

_METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_[0-9]+")


def read(listing: Listing) -> Reading:
    """The files of each submitter."""
    metadata = next((item for item in listing.items if item.path == _METADATA), None)
    known, remark = _known(listing, metadata)
    learners: dict[str, list[Learner]] = {}
    entries = []
    strays = []
    for item in listing.items:
        folder, slash, path = item.path.partition("/")
        if item is metadata:
            continue
        if folder not in known and not (slash and _FOLDER.fullmatch(folder)):
            strays.append(item)
            continue
        about = known.get(folder, About((), "", ()))
        if folder not in learners:
            learners[folder] = _learners(folder, about.submitters)
        number, of = _attempts(about)
        entries += [
            Entry(
                learner=learner,
                path=path or folder,
                member=item.member,
                attempt=natural(folder),
                number=number,
                of=of,
                handed_in=about.created_at,
            )
            for learner in learners[folder]
        ]
    empty = [folder for folder in known if folder not in learners]
    without = f"{some(empty)}: in {_METADATA}, but without a file." if empty else ""
    sure = metadata is not None or listing.name.startswith("assignment_")
    return Reading(
        what=WHAT,
        entries=tuple(entries),
        strays=tuple(strays),
        remarks=tuple(filter(None, (remark, without))),
        sure=sure,
    )


def _known(listing: Listing, metadata: Item | None) -> tuple[dict[str, About], str]:
    lost = "learners go by the numbers of their submissions."
    if metadata is None:
        return {}, f"there is no {_METADATA}: {lost}"
    member = metadata.member
    if member.size > LARGEST:
        return {}, f"{_METADATA} is larger than {LARGEST >> 20} MiB: {lost}"
    try:
        return read_metadata(listing.read(member)), ""
    except (MemberError, OSError, ValueError) as error:
        return {}, f"{_METADATA} cannot be read ({error}): {lost}"


def _learners(folder: str, submitters: tuple[Submitter, ...]) -> list[Learner]:
    return [_learner(folder, submitter) for submitter in submitters] or [Learner(id=folder)]


def _learner(folder: str, submitter: Submitter) -> Learner:
    sid, name, email = map(tidy, (submitter.sid, submitter.name, submitter.email))
    return Learner(
        id=sid or email or name or folder,
        name=name,
        email=email,
        ids={"sis": sid} if sid else {},
    )


def _attempts(about: About) -> tuple[int, int]:
    """The how manieth attempt counts, and how many there were.

    A learner may make an earlier one count, and those after it are history too.
    """
    of = len(about.history) + 1
    if not about.created_at or not all(about.history):
        return of, of
    return 1 + sum(time < about.created_at for time in about.history), of
