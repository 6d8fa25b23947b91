"""Where things are: the probe, and what a program in the sandbox sees."""

import os

PROBE = os.path.join(os.path.dirname(__file__), "probe")
"""The folder that an observed interpreter has on its PYTHONPATH."""

HOME = "/home/learner"
SUBMISSION = "/submission"
SCRATCH = "/.grade"
_OWN = f"{SCRATCH}/tmp"  # noqa: S108  # in a file system of its own
SHARED = "/.shared"
PROBE_FOLDER = "/.probe"
TEMPORARY = "/tmp"  # noqa: S108  # the run's own
CONNECTION = f"{_OWN}/shared"
"""Where a run finds its part of what is shared with whoever grades, a kernel's sockets."""

WRITABLE = (
    (f"{_OWN}/tmp", TEMPORARY),  # noqa: S108
    (f"{_OWN}/shm", "/dev/shm"),  # noqa: S108  # the run's own
    (f"{_OWN}/home", HOME),
    (f"{_OWN}/submission", SUBMISSION),
)
PLACES = (SCRATCH, SHARED, *(target for _folder, target in WRITABLE))
"""Folders that the file system must have; a run puts its own in their place."""
