"""What the names of loose files say: whose they are, or which question they answer."""

import re
from collections.abc import Sequence

from msgspec import Struct

from grader.load.layouts.base import ARCHIVES, PROGRAMS, split_suffix

_QUESTION = re.compile(
    r"(?i)(?:q|ques|question|ex|exercise|task|problem|a|ans|answer|part|no|nr)[0-9]{1,2}|[1-9]"
)
_COMMON = re.compile(
    "all|answers?|assignment|code|copy|draft|exercises?|file|final|finished|helpers?|homework|hw|"
    "init|lab|main|module|mp|multiprocessing|my|new|notebook|old|pipe|pool|process|processes|"
    "program|project|py|python|questions?|queue|script|skeleton|solutions?|submission|tasks?|"
    "tests?|the|todo|untitled|utils?|version|work|v[0-9]+|20[0-9]{2}|[0-9]{1,2}"
)
"""What people call their files, rather than themselves."""

_AND_QUESTION = re.compile(r"(?is)(?P<learner>.+?)[\s_.\-]+(?P<question>q[0-9]{1,2})")
_AND_WORDS = re.compile(
    r"(?is)(?P<learner>.+?)[\s_.\-]+(?P<words>(?:(?:assignment|final|homework|hw|lab|"
    r"multiprocessing|notebook|solutions?|submission)[0-9]{0,2}(?:[\s_.\-]+|$))+)"
)
_QUESTION_AND = re.compile(r"(?is)(?P<question>q[0-9]{1,2})[\s_.\-]+(?P<learner>.+)")


class Owner(Struct, frozen=True):
    """Whom a loose file names, and what it is called without that."""

    learner: str
    path: str


def is_program(name: str) -> bool:
    """Whether it is a program or a notebook."""
    return name.lower().endswith(PROGRAMS)


def may_be_handed_in(name: str) -> bool:
    """Whether a loose file may be all that somebody handed in."""
    return name.lower().endswith((*PROGRAMS, *ARCHIVES))


def names_nobody(name: str) -> bool:
    """Whether a file has a name for what it answers, such as q6.py or solution_v2.py."""
    stem = split_suffix(name)[0]
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem))
    numbers = all(word.isdecimal() for word in words)
    if numbers:
        return len(words) == 1 and _QUESTION.fullmatch(stem) is not None
    return all(_QUESTION.fullmatch(word) or _COMMON.fullmatch(word.lower()) for word in words)


def answers_a_question(name: str) -> bool:
    """Whether it is called by a question's number alone, such as q6.py."""
    return is_program(name) and _QUESTION.fullmatch(split_suffix(name)[0]) is not None


def owners(names: Sequence[str]) -> list[Owner]:
    """Whose each of the loose files of a class is.

    The words of alice_assignment.ipynb may be a part of her name, as that of Kim Lab. They are
    none where another file is alice.py or alice_q5.py, or where the class puts what it answers
    behind its names, as in bob_q6.py.
    """
    found = [_owner(name) for name in names]
    stems = [split_suffix(name)[0] for name in names]
    learners = {whose.learner for whose in found}
    is_behind = any(_AND_QUESTION.fullmatch(stem) for stem in stems)
    shorter = [_without_words(name) for name in names]
    return [
        less if less and (is_behind or less.learner in learners) else whose
        for whose, less in zip(found, shorter, strict=True)
    ]


def _without_words(name: str) -> Owner | None:
    """Whose it is if the last words of its name are what it is; None if there are none."""
    stem, suffix = split_suffix(name)
    found = _AND_WORDS.fullmatch(stem)
    if found is None or names_nobody(found["learner"]):
        return None
    return Owner(found["learner"], found["words"] + suffix)


def _owner(name: str) -> Owner:
    """Whose a loose file is: alice.py is Alice's, and alice_q6.py is her q6.py."""
    stem, suffix = split_suffix(name)
    found = _AND_QUESTION.fullmatch(stem) or _QUESTION_AND.fullmatch(stem)
    if found is None or not is_program(name):
        return Owner(stem, name)
    return Owner(found["learner"], found["question"].lower() + suffix.lower())
