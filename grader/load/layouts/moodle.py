"""Moodle's "Download all submissions" of an assignment, with folders or without.

A learner's files are NAME_NUMBER_assignsubmission_file/PATH, in older versions with a _ before
the slash, or NAME_NUMBER_assignsubmission_file_FILE where folders are not asked for; a text that
was typed in is onlinetext.html of assignsubmission_onlinetext. With blind marking NAME is the
word for "Participant" in the teacher's language; in a team's submission it is the team, and in
older ones TEAM-NAME (moodle/moodle, mod/assign/classes/downloader.php and locallib.php). NUMBER
is the one that the grading worksheet's column "Identifier" has as "Participant NUMBER".

NAME never has a _, since Moodle makes a blank of each (get_student_prefix, there). So it ends at
the first mark; a second one is of the file, which learners call what they like.
"""

import re
from collections.abc import Iterable

from grader.handed_in import Learner
from grader.load.layouts.base import Entry, Item, Listing, Reading, some, tidy

NAME = "moodle"
WHAT = "a Moodle download"
EXAMPLE = "Jane Doe_4711_assignsubmission_file/q6.py"

_PARTICIPANT = re.compile(
    "participant|participante|partecipante|participantă|teilnehmer(in|innen)?|deelnemer|"
    "deltagare|deltager|deltaker|osallistuja|uczestnik|účastník|résztvevő|katılımcı|učesnik|"  # noqa: RUF001
    "sudionik|udeleženec|osaleja|dalyvis|dalībnieks|участник|учасник|συμμετέχων|משתתף|مشارك|"
    "参加者|参与者|參與者|成员|참가자"
)
"""`participant` of mod_assign in Moodle's language packs, in lower case, letters only."""

_FILE = re.compile(
    r"(?s)(?P<name>[^/]*?)(?:_(?P<number>[0-9]+))?_assignsubmission_(?P<plugin>[a-z]+)"
    r"(?:_?/(?P<path>.+)|_(?P<file>[^/]+))"
)
_MARK = "_assignsubmission_"


def read(listing: Listing) -> Reading:
    """The files of each participant."""
    matches = [(item, _FILE.fullmatch(item.path)) for item in listing.items]
    fitting = [(item, found) for item, found in matches if found]
    names = {_key(found): found["name"] for _, found in fitting}
    blind = _are_blind(names)
    teams = _are_after_their_teams(names)
    return Reading(
        what=WHAT,
        entries=tuple(_entry(item, found, blind, teams) for item, found in fitting),
        strays=tuple(item for item, found in matches if not found),
        remarks=_disguised(item.path for item, _ in fitting),
    )


def _disguised(paths: Iterable[str]) -> tuple[str, ...]:
    twice = [path for path in paths if path.partition("/")[0].count(_MARK) > 1]
    return (f"{some(twice)}: taken for a file of whom its name begins with.",) if twice else ()


def participant(text: str) -> str:
    """The number in a participant's identifier, "" if the text is none."""
    letters = "".join(c for c in text.lower() if c.isalpha())
    number = re.search(r"([0-9]+)\s*$", text)
    return number[1] if number and _PARTICIPANT.fullmatch(letters) else ""


def _key(found: re.Match[str]) -> str:
    return found["number"] or found["name"]


def _are_blind(names: dict[str, str]) -> bool:
    """Whether learners go by their numbers alone: one word for all, in whatever language."""
    said = set(names.values())
    return len(said) == 1 and (len(names) > 1 or bool(participant(f"{said.pop()} 1")))


def _are_after_their_teams(names: dict[str, str]) -> bool:
    """Whether all names begin as one team's or another's, more often than by chance."""
    teams = {name.partition("-")[0] for name in names.values() if "-" in name}
    return len(names) >= 2 * max(2, len(teams)) and all("-" in name for name in names.values())


def _entry(item: Item, found: re.Match[str], blind: bool, teams: bool) -> Entry:
    number = found["number"]
    name = tidy(found["name"].partition("-")[2] if teams else found["name"])
    if number is None:  # learners without a team hand in as one, under that name alone
        learner = Learner(id=name, name=name)
    else:
        identifier = f"Participant {number}"
        learner = Learner(id=identifier, name="" if blind else name, ids={"moodle": identifier})
    return Entry(
        learner=learner,
        path=found["path"] or found["file"],
        member=item.member,
        named="" if number else found["name"],
    )
