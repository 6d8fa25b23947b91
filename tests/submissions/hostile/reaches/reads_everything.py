"""A right answer, and a search of the whole machine for answers, checks and secrets."""
import os
import time
from pathlib import Path

from four import four

NAMES = {"q3.py", "q5.py", "q6.py", "common.py", "numbers.py", "secret.txt", "mark.py", "expected.toml"}
WORDS = (b"BEGIN SOLUTION", b"def judge_", b"7d1f", b"max_points")
SKIPPED = {"proc", "sys", "lib", "lib64", "bin", "sbin", "boot", "include", "share"}


def walk(top, end):
    for folder, folders, files in os.walk(top):
        if time.monotonic() > end:
            print("SEARCHED only a part of", top)
            return
        folders[:] = [name for name in folders if name not in SKIPPED]
        for name in NAMES.intersection(files):
            try:
                found = Path(folder, name).read_bytes()
            except OSError:
                continue
            if any(word in found for word in WORDS):
                print("BREACH-7d1f: read", Path(folder, name))


def modules():
    for name in ("grader.checks", "grader.mark", "grader.trace", "grader", "tests.conftest"):
        try:
            module = __import__(name, fromlist=["x"])
        except ImportError as error:
            print("REFUSED", error)
        else:
            if getattr(module, "__file__", None):
                print("BREACH-7d1f: imported", name)


if __name__ == "__main__":
    modules()
    import sys

    for entry in sys.path:
        if entry and Path(entry, "grader", "checks", "q6.py").exists():
            print("BREACH-7d1f: the checks are in", entry)
    walk("/", time.monotonic() + 3)
    print("SEARCHED")
    four()
