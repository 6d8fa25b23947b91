"""The advice `portable`, on whether the program works with other start methods too."""

from collections.abc import Mapping

from grader.checks import slips
from grader.checks.base import Verdict, fails, holds
from grader.checks.evidence import error_of, listed
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
    slip = (
        slips.missing_guard(trace)
        or _not_importable(trace)
        or slips.defined_in_notebook(trace)
        or slips.of_errors(trace, trace.processes)
    )
    others = [WHERE[other] for other in failures if other != method]
    also = f" The same goes for {listed(others)}." if others else ""
    return fails(f"Not with {WHERE[method]}: {slip or message}{also}")


def _not_importable(trace: Trace) -> str | None:
    """A child that met an error while it imported the main file."""
    if not trace.signs("import failed"):
        return None
    pids = {clue.pid for clue in trace.signs("import failed")}
    error = next((error_of(p) for p in trace.processes if p.pid in pids), None)
    return (
        f"Each child imports this file, and there met {error or 'an error'}: put everything that "
        'is to happen once under `if __name__ == "__main__":`.'
    )
