"""The advice `portable`, on whether the program works with other start methods too."""

from collections.abc import Mapping

from grader.checks import slips
from grader.checks.base import Verdict, fails, holds
from grader.checks.evidence import last_error, listed
from grader.trace import Trace

ID = "portable"
TITLE = "The program also works with the start methods of other systems"
HINT = (
    "Windows and macOS start a new Python for each process, which imports your file (spawn); "
    "Linux does much the same from Python 3.14 on (forkserver). Put what starts processes "
    'under `if __name__ == "__main__":` and functions at the top level of the file.'
)
WHERE = {
    "spawn": "spawn (Windows, macOS)",
    "forkserver": "forkserver (Linux from Python 3.14)",
    "fork": "fork (Linux up to Python 3.13)",
}


def judge_portable(traces: Mapping[str, Trace], failures: Mapping[str, str]) -> Verdict:
    """Judge runs under other start methods.

    `traces` are by start method; `failures` has, for each method under which the exercise
    did not pass, the message of the first check that failed.
    """
    if not failures:
        return holds(f"It passes with {listed(WHERE[method] for method in traces)} too.")
    method, message = next(iter(failures.items()))
    trace = traces[method]
    slip = slips.missing_guard(trace) or _slip_of_any_error(trace)
    others = [WHERE[other] for other in failures if other != method]
    also = f" The same goes for {listed(others)}." if others else ""
    return fails(f"Not with {WHERE[method]}: {slip or message}{also}")


def _slip_of_any_error(trace: Trace) -> str | None:
    errors = (last_error(trace, process.pid) for process in trace.processes)
    return next(
        (slip for slip in (slips.of_error(trace, error) for error in errors) if slip), None
    )
