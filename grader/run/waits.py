"""The waits of a run, put together from the reports of those who waited."""

from collections import defaultdict

from grader.run.observation import Observation, since
from grader.run.records import Reaped, Waited, Waiting
from grader.trace import Wait


def waits_of(log: Observation) -> tuple[Wait, ...]:
    """Each wait from its beginning to its return; one that never returned has no end."""
    waits: list[Wait] = []
    pending: dict[tuple[int, int], list[Waiting]] = defaultdict(list)
    for record in log.records:
        match record:
            case Waiting():
                pending[record.pid, record.child].append(record)
            case Waited():
                begun = pending[record.pid, record.child]
                began = begun.pop().time if begun and record.how == "join" else record.time
                waits.append(_wait(log, record, began))
            case Reaped(by_program=True):
                waits.append(_wait(log, record, record.time))
    for begun in pending.values():
        waits += [
            Wait(
                pid=record.pid,
                child=record.child,
                how=record.how,
                began=since(log, record.time),
                ended=None,
                saw_end=False,
                at_exit=record.at_exit,
            )
            for record in begun
        ]
    return tuple(sorted(waits, key=lambda wait: wait.began))


def _wait(log: Observation, record: Waited | Reaped, began: float) -> Wait:
    return Wait(
        pid=record.pid,
        child=record.child,
        how=record.how if isinstance(record, Waited) else "os.wait",
        began=since(log, began),
        ended=since(log, record.time),
        saw_end=record.saw_end if isinstance(record, Waited) else True,
        at_exit=record.at_exit if isinstance(record, Waited) else False,
    )
