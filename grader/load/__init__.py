"""Submissions: from what a learner hands in to the program that is run.

A submission is one answer (`answer`), or a whole assignment: one notebook (`notebook`) or
one script (`script`) whose parts hold the answers. `find` says which parts answer which
question, `needs` what else of the file an answer needs to run by itself. Only what a single
program needs is imported here.
"""

from grader.load.answer import (
    Assignment,
    Missing,
    Program,
    find_exercises,
    holds_prose,
    is_blank,
    is_blank_source,
    load,
    prose_ids,
)
from grader.load.content import (
    LARGEST_NOTEBOOK,
    LARGEST_SOURCE,
    NotAProgramError,
    content,
    is_there,
)

__all__ = [
    "LARGEST_NOTEBOOK",
    "LARGEST_SOURCE",
    "Assignment",
    "Missing",
    "NotAProgramError",
    "Program",
    "content",
    "find_exercises",
    "holds_prose",
    "is_blank",
    "is_blank_source",
    "is_there",
    "load",
    "prose_ids",
]
