"""Standard output and error as they may be: closed, full, or with nobody at the other end.

It imports next to nothing, since the command needs it before it has imported the rest.
"""

import os
import sys
from io import TextIOWrapper


def nowhere() -> TextIOWrapper:
    """A stream that takes everything and keeps nothing."""
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def tell(text: str) -> None:
    """Write on standard error; where that cannot be done, nobody is there to be told."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        sys.stderr = nowhere()  # Python flushes it at its end, and would fail once more


def complain(message: str) -> None:
    """Say what went wrong, in one line that holds nothing a terminal would obey."""
    from grader.report.neutral import neutral

    tell(f"grade: {neutral(' '.join(message.split()))}\n")
