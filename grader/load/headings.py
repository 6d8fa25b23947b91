"""Headings: the lines by which people say which question follows."""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from grader.checks import exercise, exercise_ids
from grader.load.wording import beyond, nearness, share, spelled, words


class Question(Struct, frozen=True):
    """A question of the assignment: its id, its number and its words, and whether it is
    answered in words too.
    """

    id: str
    number: int
    text: str
    in_words: bool = False


_IN_WORDS = (
    Question("q1", 1, "What is multiprocessing in Python? Why is it useful?", True),
    Question(
        "q2", 2, "What are the differences between multiprocessing and multithreading?", True
    ),
    Question("q4", 4, "What is a multiprocessing pool in Python? Why is it used?", True),
)

_EXERCISES = (Question(id_, int(id_[1:]), exercise(id_).question) for id_ in exercise_ids())

QUESTIONS = tuple(sorted((*_IN_WORDS, *_EXERCISES), key=lambda question: question.number))
"""All questions of the assignment, by number."""

Kind = Literal["text", "hint", "question", "answer", "task", "bare", "name"]


class Heading(Struct, frozen=True, kw_only=True):
    """A line that seems to name a question.

    `kind` says by what: the question's text, a part of it (hint), a number after Question,
    Answer or Task, a bare number, or the name of a function. `number` is what was written,
    `question` what it means: None for a number that no question has. `also` are more
    questions that the line names. `span` is how many lines the heading takes; `says_more`,
    whether an answer in words begins in them.
    """

    line: int
    span: int
    kind: Kind
    number: int | None
    question: str | None
    also: tuple[str, ...] = ()
    text: str
    says_more: bool = False

    @property
    def questions(self) -> tuple[str, ...]:
        """All questions that the line names."""
        return (self.question, *self.also) if self.question else self.also


_WORDS = {question: words(question.text) for question in QUESTIONS}
_VOCABULARY = frozenset(word for text in _WORDS.values() for word in text)
_OPENERS = {"what", "why", "how", "write", "create", "explain", "define", "describe"} | {
    *("python", "code", "differences")
}
"""Words that a question begins with, and an answer in prose hardly ever."""

_GOES_ON = {
    "above",
    "asks",
    "below",
    "has",
    "in",
    "is",
    "of",
    "said",
    "says",
    "to",
    "wants",
    "was",
}
"""What follows the number where a sentence only speaks of a question."""

_NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_NUMBER = (
    r"(?P<number>\d{1,2}|one|two|three|four|five|six)(?!\w)"
    r"(?P<close>[ \t]*[])}.:;,/\-\u2013\u2014]*)"
)
_NAMED = re.compile(
    r"(?:(?P<of>(?:answers?|ans|code|program|solution|sol)\s+(?:of|for|to)\s+(?:the\s+)?)"
    r"(?=q|exercise|problem|task))?"
    r"(?:(?P<question>questions?|quest?|ques?|qn?s?)|(?P<answer>answers?|ans)"
    r"|(?P<task>exercise|problem|task|solution|sol))"
    r"[\s.:\-#_)(\[]*(?:(?:no|num|number)\b[\s.:\-#_)(\[]*)?0*" + _NUMBER,
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?P<answer>A)[.\-]?0*" + _NUMBER)
_BARE = re.compile(r"[(\[]?0*(?P<number>\d{1,2})(?P<close>[ \t]*[])}.:\-]+)")
_TITLE = re.compile(r"\s*(?:#|\*\*|__|<h\d)", re.IGNORECASE)
_TITLE_NUMBER = re.compile(r"[(\[]?0*(?P<number>\d{1,2})(?P<close>[ \t]*(?:[])}.:\-]+|$))")
"""In what is made a title, a number needs nothing after it."""

_QUESTION_WORD = re.compile(r"(?:question|ques|q)\b[\s.:\-)]*", re.IGNORECASE)
_MORE = re.compile(
    r"\s*(?:and|&|\+|,|/)\s*(?:(?:question|ques|que|q|answer|ans|a)[\s.:\-#]*0*(?P<named>\d{1,2})"
    r"(?!\w)|(?P<plain>\d{1,2})(?=\s*(?:[])}.:]|$)))",
    re.IGNORECASE,
)
_CALL = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*\s*(?:[(\[]|(?:,\s*[A-Za-z_]\w*\s*)*=(?!=))")

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_DECORATION = re.compile(
    r"^(?:[\s#>*_~=|`'\"\u2022+\-]|[fFrRbBuU]{1,2}(?=['\"]))+|[\s#*_~=|`'\"]+$"
)
_LONGEST = 600
"""Characters of a line that are looked at."""

_SURE = 0.8
"""How near a text must come to a question to count by itself."""

_AN_ANSWER = 5
"""Words after a question that are more than a remark on it."""

_LIKELY = 0.5
"""How near it must come beside the question's own number."""


def plain(line: str) -> str:
    """A line without what dresses it: comment signs, Markdown, HTML, quotation marks."""
    text = _LINK.sub(r"\1", html.unescape(_TAG.sub(" ", line[:_LONGEST])))
    return _DECORATION.sub("", text.replace("**", "").replace("`", "")).strip()


def heading_at(lines: Sequence[str], at: int) -> Heading | None:
    """The heading that begins in this line, if it is one. The text may go on below."""
    return _heading(tuple(lines[at : at + 4]), at)


@lru_cache(maxsize=4096)
def _heading(lines: tuple[str, ...], at: int) -> Heading | None:
    line = plain(lines[0])
    if not line or _CALL.match(line) or line.endswith(".ipynb"):
        return None
    for pattern in (_NAMED, _LETTER, _BARE if not _TITLE.match(lines[0]) else _TITLE_NUMBER):
        if found := pattern.match(line):
            named = found.groupdict()
            kind = next(
                (word for word in ("question", "answer", "task") if named.get(word)), "bare"
            )
            kind = "answer" if named.get("of") else kind
            return _numbered(lines, at, line, found, kind)
    rest = line[found.end() :] if (found := _QUESTION_WORD.match(line)) else line
    if not _opens(rest):
        return None
    question, near, span = _nearest(rest, lines)
    if near >= _SURE:
        return Heading(
            line=at,
            span=span,
            kind="text",
            number=None,
            question=question.id,
            text=line,
            says_more=_says_more(question, rest, lines[1:span]),
        )
    if hinted := _hinted(rest):
        return Heading(line=at, span=1, kind="hint", number=None, question=hinted.id, text=line)
    return None


def _numbered(
    lines: tuple[str, ...], at: int, line: str, found: re.Match[str], kind: str
) -> Heading | None:
    number = _NUMBER_WORDS.get(found["number"].lower()) or int(found["number"])
    rest = line[found.end() :]
    also: list[str] = []
    close = found["close"].strip()
    more = _MORE.match(close[-1:] + rest if close[-1:] in ("/", ",") else rest)
    while more and kind != "bare":
        also += [q.id for q in QUESTIONS if q.number == int(more["named"] or more["plain"])]
        rest = more.string[more.end() :]
        more = _MORE.match(rest)
    rest = rest.strip()
    own = next((q for q in QUESTIONS if q.number == number), None)
    question, near, span = _nearest(rest, lines)
    of_own = _near(own, rest, lines)[0] if own else 0.0
    if own and of_own >= _LIKELY and of_own > near - 0.15:
        question, near, span = own, of_own, _near(own, rest, lines)[1]
    likely = _SURE if question is not own else _LIKELY if kind != "bare" else 0.65
    if near >= likely and (kind != "bare" or _opens(rest)):
        kind = "text" if kind != "answer" or (near >= _SURE and _opens(rest)) else kind
    else:
        question, span = own or question, 1
        if kind != "bare" and not (close or also or _stands_alone(rest, kind, found[0])):
            return None  # "answer: 4 processes", "question 6 asks for"
    return Heading(
        line=at,
        span=span,
        kind=kind,  # type: ignore[arg-type]
        number=number,
        question=question.id if own or kind == "text" else None,
        also=tuple(dict.fromkeys(also)),
        text=line,
        says_more=_says_more(question, rest, lines[1:span])
        if kind == "text"
        else own is not None and _is_answer(own, rest),
    )


def _says_more(question: Question, rest: str, below: Sequence[str]) -> bool:
    """Whether the words of a question go on with an answer to it."""
    said = spelled(words(" ".join([rest, *map(plain, below)])), _VOCABULARY)
    more = beyond(_WORDS[question], said)
    return len(more) >= _AN_ANSWER and more[0] not in _OPENERS


def _is_answer(question: Question, rest: str) -> bool:
    """Whether what stands after a number is the answer, and no question in other words."""
    return question.in_words and len(words(rest)) >= 2 * _AN_ANSWER and not _opens(rest)


def _stands_alone(rest: str, kind: str, numbered: str) -> bool:
    """Whether a number without a full stop or the like is a heading, and no sentence."""
    if not rest or rest[0].isupper() or re.match(r"\d+[.)]\s", rest):
        return True
    return kind == "question" and ":" not in numbered and rest.split(maxsplit=1)[0] not in _GOES_ON


def _opens(text: str) -> bool:
    said = spelled(words(text), _VOCABULARY)
    return bool(said) and said[0] in _OPENERS


def _hinted(text: str) -> Question | None:
    """The question that a line holds nothing but a part of."""
    said = spelled(words(text), _VOCABULARY)
    if not 5 <= len(said) <= 24:
        return None
    shares = {question: share(_WORDS[question], said) for question in QUESTIONS}
    best = max(QUESTIONS, key=lambda question: shares[question])
    return best if shares[best][0] >= 5 and shares[best][1] >= 0.85 else None


def _nearest(rest: str, lines: tuple[str, ...]) -> tuple[Question, float, int]:
    """The question whose words come nearest, how near, and how many lines they take."""
    best = max(QUESTIONS, key=lambda question: _near(question, rest, lines)[0])
    return best, *_near(best, rest, lines)


@lru_cache(maxsize=4096)
def _near(question: Question, rest: str, lines: tuple[str, ...]) -> tuple[float, int]:
    text, best = rest, (0.0, 1)
    for span in range(1, len(lines) + 1):
        if span > 1:
            below = plain(lines[span - 1])
            if not below or (lines[0].lstrip()[:1] == "#") != (
                lines[span - 1].lstrip()[:1] == "#"
            ):
                break
            text = f"{text} {below}"
        near = nearness(_WORDS[question], spelled(words(text), _VOCABULARY))
        if near > best[0] + 0.001:
            best = near, span
    return best
