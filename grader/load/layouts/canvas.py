"""Canvas' "Download Submissions": one flat zip.

A file is called NAME[_LATE]_USERID_ATTACHMENTID_FILE, a text or a link that was typed in
NAME[_LATE]_USERID_text.html or _link.html, with anon_XXXXX for the name and the number where
grading is anonymous. NAME is the sortable name in lower case without what is no letter, or that
of a group, whose files come once (instructure/canvas-lms, lib/content_zipper.rb).
"""

import re
from collections import defaultdict

from msgspec import Struct

from grader.handed_in import Learner
from grader.load.layouts.base import (
    ARCHIVES,
    PROGRAMS,
    Entry,
    Item,
    Listing,
    Reading,
    split_suffix,
    tidy,
)

NAME = "canvas"
WHAT = "a Canvas download"
EXAMPLE = "doejane_4711_9901_q6.py"

_FILE = re.compile(
    r"(?:(?P<name>[^/]*?)_)??(?:(?P<late>LATE|late)_)?"
    r"(?:(?P<user>[0-9]+)|anon_(?P<anonymous>[0-9A-Za-z]{3,12}))"
    r"_(?:(?P<attachment>[0-9]+)_(?P<file>[^/]+)|(?P<typed>(?:text|link)\.html))"
)
_AGAIN = re.compile(r"(?s)(.+)-([1-9]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
"""What Canvas puts behind the name of a file that was handed in before: a number below 8,
afterwards a UUID (app/models/attachment.rb, make_unique_filename).
"""
_UUID = 8
"""Sorts behind the numbers. The how manieth it is it does not tell."""


class _Upload(Struct, frozen=True):
    """A file, its name as its learner knows it, and the how manieth of that name it is."""

    item: Item
    found: re.Match[str]
    name: str
    again: int

    @property
    def age(self) -> tuple[int, int]:
        """What sorts the uploads of one name: Canvas numbers attachments as they come."""
        return self.again, int(self.found["attachment"] or 0)


def read(listing: Listing) -> Reading:
    """The files of each user."""
    uploads: dict[str, list[_Upload]] = defaultdict(list)
    strays = []
    for item in listing.items:
        found = _FILE.fullmatch(item.path)
        if found is None:
            strays.append(item)
            continue
        name, again = _undone(found["file"] or found["typed"])
        uploads[_id(found)].append(_Upload(item, found, name, again))
    entries = [entry for who, files in uploads.items() for entry in _entries(who, files)]
    return Reading(
        what=WHAT, entries=tuple(entries), strays=tuple(strays), sure=_is_one_name_a_user(uploads)
    )


def _is_one_name_a_user(uploads: dict[str, list[_Upload]]) -> bool:
    """Files that merely have two numbers in their names, such as a date, have the same twice."""
    return all(len({file.found["name"] for file in files}) == 1 for files in uploads.values())


def _id(found: re.Match[str]) -> str:
    return found["user"] or f"anon_{found['anonymous']}"


def _undone(name: str) -> tuple[str, int]:
    stem, suffix = split_suffix(name)
    found = _AGAIN.fullmatch(stem)
    if found is None:
        return name, 0
    return found[1] + suffix, int(found[2]) if len(found[2]) == 1 else _UUID


def _entries(who: str, files: list[_Upload]) -> list[Entry]:
    """What one user handed in last.

    Python cannot import a module with a hyphen in its name, so the -1 of a program is Canvas'
    own. A learner's data may well be called data-1.csv, unless the programs have the number too.
    """
    again = {file.again for file in files if _is_program(file.name)}
    number = _how_manieth([file for file in files if _is_program(file.name)])
    last: dict[str, _Upload] = {}
    for file in files:
        is_canvas_own = _is_program(file.name) or file.again in again
        name = file.name if is_canvas_own else _as_it_is(file)
        if name not in last or last[name].age < file.age:
            last[name] = file
    found = files[0].found
    learner = Learner(id=who, name=tidy(found["name"] or ""), ids={"canvas": who})
    return [
        Entry(
            learner=learner,
            path=name,
            member=file.item.member,
            number=number,
            of=number,
            late=any(file.found["late"] for file in files),
        )
        for name, file in last.items()
    ]


def _how_manieth(programs: list[_Upload]) -> int:
    """At least so many times the program that came most often has been handed in."""
    times: dict[str, list[int]] = defaultdict(list)
    for program in programs:
        times[program.name].append(program.again)
    return max(map(_times, times.values()), default=1)


def _times(again: list[int]) -> int:
    numbered = [number for number in again if number < _UUID]
    # Before one with a UUID there was another, be it not there any more.
    return 1 + max(numbered, default=0) + len(again) - len(numbered)


def _is_program(name: str) -> bool:
    return name.lower().endswith((*PROGRAMS, *ARCHIVES))


def _as_it_is(file: _Upload) -> str:
    name: str = file.found["file"] or file.found["typed"]
    return name
