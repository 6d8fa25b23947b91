"""What the name of a file says: which questions it is for, and whether it is a copy."""

import re
from pathlib import Path

_LETTER = r"[^\W\d_]"
_BEGINS = rf"(?:(?<!{_LETTER})|(?-i:(?<=[a-z])(?=[A-Z])))"
_ASKS = r"(?:q|qn|qno|ques?|quest|question|ex|exer|exercise|task|prob|problem)"
_ANSWERS = r"(?:ans|answer|sol|solution)"
_NO = r"(?:(?:no|nr|num|number)[\W_]*)?"
# A number in brackets after "solution" is that of a copy: "Solution (1).py".
_WORDED = re.compile(
    rf"{_BEGINS}(?:{_ASKS}[\W_]*|{_ANSWERS}[\s_.#-]*){_NO}0*(?P<number>\d+)"
    r"(?P<more>(?:\s*(?:[,&+\u2013-]|_?(?:and|to)_?)\s*\d{1,2}(?!\d))*)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"[\W_]*{_NO}0*(?P<number>\d+)[\W_]*", re.IGNORECASE)
_COPY = re.compile(
    r"[\s_]*\((?P<browser>\d{1,3})\)$|[\s_-]*copy[\s_-]*\(?(?P<copy>\d{0,3})\)?$"
    r"|(?<=\d)-(?P<lms>\d{1,2})$|^copy of (?=.)",
    re.IGNORECASE,
)
"""How browsers, Jupyter, file managers and learning platforms name the copy of a file."""

_OLD = re.compile(rf"(?<!{_LETTER})(?:old|older|backup|bak|draft)(?!{_LETTER})", re.IGNORECASE)


def is_for_one(file: Path) -> bool:
    """Whether the name of a file is that of a question, and nothing more."""
    return re.fullmatch(r"q\d+", file.stem) is not None


def numbers_in(stem: str) -> set[int]:
    """The questions that a file is named after."""
    found: set[int] = set()
    for word in _WORDED.finditer(stem):
        last = int(word["number"])
        found.add(last)
        for sign, digits in re.findall(r"(\D+)(\d+)", word["more"]):
            number = int(digits)
            # There is nothing from 6 to 2: q6-2 is the second try.
            found |= {number} if re.search("[,&+]|and", sign) else {*range(last, number + 1)}
            last = number
    alone = _ALONE.fullmatch(_COPY.sub("", stem)) or _ALONE.fullmatch(stem)
    return {int(alone["number"])} if alone else found


def is_for_others(file: Path, number: int) -> bool:
    """Whether a file is named after other questions."""
    found = numbers_in(file.stem)
    return bool(found) and number not in found


def has_word(file: Path, number: int) -> bool:
    """Whether the number is a word of the name, and the only one of one or two digits."""
    words = re.split(r"[\W_]+", without_copy(file))
    return [int(word) for word in words if re.fullmatch("[0-9]{1,2}", word)] == [number]


def copy_number(file: Path) -> int:
    """The number of a copy, 0 for the original."""
    found = _COPY.search(file.stem)
    return int(next(filter(None, found.groups()), 1)) if found else 0


def is_old(file: Path) -> bool:
    """Whether a file calls itself one that is no longer worked on."""
    return _OLD.search(file.stem) is not None


def without_copy(file: Path) -> str:
    """The name of the original, without its suffix."""
    return _COPY.sub("", file.stem)
