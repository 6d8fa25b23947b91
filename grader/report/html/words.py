"""Numbers, statuses and cut texts, as the pages say them."""

from msgspec import Struct

from grader.handed_in import Learner
from grader.report.html.names import page_name
from grader.results import number

_SIGNS = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "manual": "?",
    "marked": "✎",
    "advice": "i",
}

_LONGEST_NAME = 80


class Link(Struct, frozen=True):
    """A learner's page: what to call it, and its file."""

    name: str
    page: str


def link_to(learner: Learner) -> Link:
    """The page of a learner."""
    return Link(name_of(learner), page_name(learner.id))


def name_of(learner: Learner) -> str:
    """What to call a learner, in a line."""
    return cut(learner.shown.strip() or "(no name)", _LONGEST_NAME)


def sign_of(status: str) -> str:
    """The sign of a status, of an exercise or of a check; what did not happen has a dash."""
    return _SIGNS.get(status, "-")


def cut(text: str, at_most: int) -> str:
    """The text, with an ellipsis for what is beyond so many characters."""
    return text if len(text) <= at_most else text[: at_most - 1] + "…"


def points(value: float | None, most: float) -> str:
    """How many of how many, as in 8 / 10; nothing for what has no points."""
    if value is None:
        return f"- / {number(most)}" if most else ""
    return f"{number(value)} / {number(most)}" if most or value else ""
