"""Running a program and observing it: the only part of the kit that knows how a Trace is
made. `run` is its whole interface.
"""

from grader.run.runner import ObserverName, RunError, run

__all__ = ["ObserverName", "RunError", "run"]
