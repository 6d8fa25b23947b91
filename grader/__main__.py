"""`python -m grader` is the same as `grade`."""

import os
import sys

# `-m` puts the current folder first, where a learner's click.py or pathlib.py may lie.
sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]  # noqa: PTH109

from grader.cli import command  # noqa: E402

if __name__ == "__main__":
    command()
