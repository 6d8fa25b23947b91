"""The probe: reports from inside an observed program's interpreters.

It runs in the learner's process, so it must not be noticed there. It imports only modules
that every start of Python has imported already (or private C ones), so that a file named
like a standard module beside the program still wins; it patches `multiprocessing` only if
and when the program itself imports it; it holds no file descriptor; and it never raises.
What it reports is evidence of the kind "in-process": the runner believes it only as far
as the kernel does not say otherwise.
"""

from . import channel, errors, hooks, streams, system


def install() -> None:
    """Start reporting, if a runner listens."""
    if channel.open_from_environment():
        streams.install()
        system.install()
        errors.install()
        hooks.install()
        channel.send("hello", argv=system.original_arguments())
        channel.wait_for_reader()
