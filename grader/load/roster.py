"""A class's roster: a CSV as learning platforms export it.

Known are Canvas' gradebook, Moodle's grading worksheet and participants, Gradescope's and GitHub
Classroom's rosters, and tables of one's own with such columns.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISREG

from msgspec import Struct
from msgspec.structs import replace

from grader.handed_in import Learner
from grader.load.content import NothingThereError, unreadable
from grader.load.layouts import CollectError, participant, some, tidy
from grader.load.matching import name_key, sure_keys
from grader.load.members import shown

LARGEST = 16 << 20
"""Bytes of a roster: some hundred thousand rows."""

_COLUMNS = {
    "canvas": "canvas id|canvas user id",
    "sis": "sis user id|sis id|sid|student id|student number|student no|id number|idnumber|"
    "matriculation number|matrikelnummer|numéro d identification|número de id",
    "login": "sis login id|login id|login|username|user name|user|userid|user id|netid|net id|"
    "nutzername|anmeldename|benutzername|nom d utilisateur|nombre de usuario|"
    "orgdefinedid|student username",
    "github": "github username|github login|github|github user|github handle",
    "id": "id|identifier|roster identifier|learner|learner id|kennung|identifiant|identificador",
    "email": "email|e mail|email address|e mail address|mail|school email|primary email|"
    "e mail adresse|emailadresse|adresse de courriel|adresse e mail|correo electrónico|"
    "dirección de correo|dirección email",
    "name": "name|full name|fullname|student|student name|display name|learner name|"
    "vollständiger name|nom complet|nombre completo",
    "first": "first name|firstname|given name|given names|forename|first|vorname|prénom|nombre",
    "last": "last name|lastname|surname|family name|last|nachname|nom|nom de famille|"
    "apellidos|apellido s",
}
"""What a column is for, by the names that it goes by: of the platforms' English exports, and of
Moodle's, which are in the teacher's language, German, French and Spanish.
"""

_KINDS = {name: kind for kind, names in _COLUMNS.items() for name in names.split("|")}
_IDS = ("canvas", "moodle", "sis", "login", "github", "id")


def read_roster(path: Path) -> tuple[tuple[Learner, ...], tuple[str, ...]]:
    """Everyone on a roster, each once, and remarks on what it is at odds with itself in.

    Raises CollectError or UnreadableError where it cannot be used.
    """
    header, *rows = _table(path, _text(_bytes(path))) or [[]]
    kinds = [_KINDS.get(_plain(column), "") for column in header]
    if "canvas" not in kinds and _is_of_canvas(header):
        kinds = ["canvas" if _plain(c) == "id" else k for c, k in zip(header, kinds, strict=True)]
    if not any(kinds):
        raise CollectError(
            f"{path}: no column of the roster tells who is who; it has "
            f"{some(filter(str.strip, header)) or 'none'}: name one of them ID, Email, Username, "
            "Name or github_username."
        )
    everyone = (_learner(kinds, row) for row in rows)
    learners, remarks = _each_once([one for one in everyone if one])
    if not learners:
        raise CollectError(f"{path}: nobody is on this roster: export it with its learners.")
    return learners, tuple(f"{path}: {remark}" for remark in remarks)


def _bytes(path: Path) -> bytes:
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):
            raise CollectError(f"{path} is no file: name the roster's CSV.")
        if state.st_size > LARGEST:
            raise CollectError(
                f"{path} is larger than {LARGEST >> 20} MiB, which no roster is: name its CSV."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NothingThereError(f"{path} is not there, or not any more.") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _text(data: bytes) -> str:
    """UTF-8, or what Excel writes: UTF-16 with its mark, or Windows' Western European."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _table(path: Path, text: str) -> list[list[str]]:
    """The rows that are not empty, by the delimiter that makes most of the header."""
    if text.startswith("PK\x03\x04") or "\0" in text:
        raise CollectError(f"{path} is no CSV: save the roster as CSV (UTF-8), and name that.")
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):  # a hint to Excel
        lines = lines[1:]
    best, broken = max((_rows(lines, delimiter) for delimiter in ",;\t"), key=_known)
    if broken:
        line = len(text.splitlines()) - len(lines) + 1 + broken.after
        raise CollectError(
            f"{path}: the row that begins in line {line} cannot be read ({broken.why}): look "
            "there for a quotation mark that nothing closes, or export the roster anew."
        )
    return best


class _Broken(Struct, frozen=True):
    """Why a row cannot be read, and how many lines there are before it."""

    why: str
    after: int


def _rows(lines: Sequence[str], delimiter: str) -> tuple[list[list[str]], _Broken | None]:
    """The rows that are not empty, up to one that cannot be read."""
    reader = csv.reader(lines, delimiter=delimiter)
    rows = []
    after = 0
    try:
        for row in reader:
            after = reader.line_num
            if any(row):
                rows.append(row)
    except csv.Error as error:
        return rows, _Broken(str(error), after)
    return rows, None


def _known(table: tuple[list[list[str]], _Broken | None]) -> tuple[int, int]:
    header = next(iter(table[0]), [])
    return sum(_plain(column) in _KINDS for column in header), len(header)


def _plain(column: str) -> str:
    """A column's name in small letters, with one space for all that is none."""
    words = re.sub(r"[^\w]+|_", " ", unicodedata.normalize("NFC", column).casefold())
    return " ".join(words.split())


def _is_of_canvas(header: Sequence[str]) -> bool:
    """In the gradebook that Canvas exports, the column ID is its own number of a user."""
    names = set(map(_plain, header))
    return "id" in names and bool(names & {"sis user id", "sis login id"}) and "student" in names


def _learner(kinds: Sequence[str], row: Sequence[str]) -> Learner | None:
    """Who a row is about; None for the rows that Canvas adds, and for its test student."""
    found: dict[str, str] = {}
    for kind, value in zip(kinds, row, strict=False):
        if kind and value.strip():
            found.setdefault(kind, tidy(value))
    first, last = found.pop("first", ""), found.pop("last", "")
    name = found.pop("name", "") or " ".join(filter(None, (first, last)))
    email = found.pop("email", "")
    if name.casefold() == "points possible" or (name == "Student, Test" and "canvas" in found):
        return None
    if participant(found.get("id", "")):
        found["moodle"] = found.pop("id")
    ids = {kind: found[kind] for kind in _IDS if kind in found}
    who = next(filter(None, (*ids.values(), email, name)), None)
    return Learner(id=who, name=name, email=email, ids=ids) if who else None


def _each_once(learners: Sequence[Learner]) -> tuple[tuple[Learner, ...], list[str]]:
    """The learners without those who are the same again, as whoever is in two sections is."""
    kept: list[Learner] = []
    by_key: dict[str, int] = {}
    remarks = []
    for learner in learners:
        keys = sure_keys(learner) or {f"name:{name_key(learner.name)}"}
        places = sorted({by_key[key] for key in keys if key in by_key})
        if not places:
            by_key |= dict.fromkeys(keys, len(kept))
            kept.append(learner)
            continue
        other = kept[places[0]]
        if len(places) > 1 or name_key(other.name) != name_key(learner.name):
            remarks.append(
                f"{shown(other.shown)} and {shown(learner.shown)} have an id or address in "
                "common: only the first is looked at."
            )
            continue
        kept[places[0]] = replace(
            other, email=other.email or learner.email, ids=learner.ids | other.ids
        )
        by_key |= dict.fromkeys(keys, places[0])
    return tuple(kept), remarks
