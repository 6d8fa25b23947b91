"""The probe: reports from inside an observed program's interpreters.

It runs in the learner's process, so it must not be noticed there. It imports only modules
that every start of Python has imported already (or private C ones), so that a file named
like a standard module beside the program still wins; it patches `multiprocessing` only if
and when the program itself imports it; it holds no file descriptor; and it never raises.
What it reports is evidence of the kind "in-process": the runner believes it only as far
as the kernel does not say otherwise.
"""

import sys

from . import channel, errors, hooks, streams, system


def install() -> None:
    """Start reporting, if a runner listens."""
    if channel.open_from_environment():
        streams.install()
        watch()
        _say_hello()


def watch() -> None:
    """Watch what the interpreter does from now on. Nothing of it is reported while no runner
    listens.
    """
    system.install()
    errors.install()
    hooks.install()


def begin() -> None:
    """Start reporting in a fork of an interpreter that watches itself and has imported what
    processes.begin() takes; see grader/run/warm_program.py.
    """
    channel.open_from_environment()
    streams.install()
    from . import processes

    processes.begin(sys.modules["multiprocessing.process"])
    _say_hello()


def _say_hello() -> None:
    channel.send("hello", argv=system.original_arguments())
    channel.wait_for_reader()
