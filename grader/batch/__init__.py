"""Many submissions: grading them over an executor, and the gradebook that keeps the reports."""
