"""Many submissions: grading them over an executor, and the gradebook that keeps the reports."""

from grader.run.imports import import_msgspec

import_msgspec()  # with this a worker begins
