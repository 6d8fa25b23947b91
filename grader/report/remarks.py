"""What the picture of a run says besides its lanes: pools, and what left no lane."""

from collections.abc import Iterator

from grader.phrases import counted
from grader.report.lines import Line, Lines, plain
from grader.report.page import Page
from grader.report.words import duration, quoted
from grader.trace import Pool, Shutdown, Sign, Trace

_SHUTDOWNS: dict[Shutdown, str] = {
    "with": "left through `with`",
    "terminated": "terminated",
    "closed and joined": "closed and joined",
    "closed": "closed, but not joined",
    "never": "never shut down",
}

_SIGNS: dict[Sign, str] = {
    "args not a tuple": "args of a Process was not a tuple but {}",
    "bootstrapping": "a child imported the file anew and started processes in it",
    "function not found": "a child could not find what it was to run: {}",
    "import failed": "a child could not import the file: {}",
    "join before start": "join() was called before start(), on {}",
    "run called": "run() was called instead of start(), on {}",
    "shadowed module": "{} stood in for a standard module",
    "target called": "{}",
    "task called": "a pool was given {} to call",
    "thread": "a thread was started, {}",
}


def pool_story(pool: Pool, trace: Trace, page: Page) -> Lines:
    """The size of a pool, what its workers did and how it was shut down: a line a fact."""
    what = "threads" if pool.flavour.startswith("Thread") else "workers"
    asked = "the default" if pool.asked is None else f"asked for {pool.asked}"
    by = f" by {pool.owner}" if pool.owner != trace.main.pid else ""
    made = f"made{by} at {duration(pool.created)}"
    return (
        plain(f"{pool.flavour} of {pool.size} {what} ({asked}), {made}"),
        *(() if pool.flavour.endswith("Executor") else _life(pool, page)),
    )


def remarks_of(trace: Trace, page: Page) -> list[Line]:
    """What was seen of the run without being a process: one line for each sort of thing."""
    remarks = [*_unstarted(trace, page), *_clues(trace, page)]
    if trace.ignored_records:
        count = counted(trace.ignored_records, "report")
        remarks.append(plain(f"{count} from inside the program were not believed"))
    return remarks


def _life(pool: Pool, page: Page) -> Iterator[Line]:
    """What is observed of a Pool, but not of an executor."""
    yield from _work(pool)
    yield from _errors(pool, page)
    yield _shutdown(pool)


def _work(pool: Pool) -> Iterator[Line]:
    if not pool.workers:
        return
    tasks = [worker.tasks for worker in pool.workers]
    each = f"{min(tasks)} to {max(tasks)}" if min(tasks) < max(tasks) else f"{tasks[0]}"
    ran = f"{counted(len(tasks), 'worker')} ran {counted(sum(tasks), 'task')}"
    yield plain(f"{ran}, {each} each" if tasks[1:] else ran)


def _errors(pool: Pool, page: Page) -> Iterator[Line]:
    if pool.errors_collected:
        yield plain(f"{counted(len(pool.errors_collected), 'error')} of tasks came back")
    swallowed = pool.errors_swallowed
    if swallowed:
        count = counted(len(swallowed), "error")
        which = "the first: " if swallowed[1:] else ""
        yield ((f"{count} never fetched, {which}{quoted(swallowed[0], page)}", "bad"),)


def _shutdown(pool: Pool) -> Line:
    text = _SHUTDOWNS[pool.shutdown]
    if pool.shut_down_at is not None and pool.shutdown != "never":
        text += f" at {duration(pool.shut_down_at)}"
    if pool.outstanding:
        text += f" with {counted(pool.outstanding, 'task')} not finished"
    bad = pool.outstanding or pool.shutdown in ("closed", "never")
    return ((text, "bad" if bad else "plain"),)


def _unstarted(trace: Trace, page: Page) -> Iterator[Line]:
    if trace.unstarted:
        first, *others = trace.unstarted
        who = f"{quoted(first.name, page)} was"
        if others:
            who = f"{quoted(first.name, page)} and {len(others):,} more Processes were"
        yield plain(f"{who} created but never started")


def _clues(trace: Trace, page: Page) -> Iterator[Line]:
    for sign, words in _SIGNS.items():
        if clues := trace.signs(sign):
            first, *others = clues
            what = words.format(quoted(first.detail, page))
            more = f", and {counted(len(others), 'more time')}" if others else ""
            yield plain(f"{what} ({first.pid} at {duration(first.time)}{more})")
