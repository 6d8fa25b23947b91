"""The classic slips: for each, the words that name it, where the evidence matches.

Every function takes a trace and gives a sentence, or None if this slip was not made.
"""

from collections.abc import Iterable

from grader.checks.evidence import count, error_of, listed, own_processes, size
from grader.trace import Process, Trace


def args_not_a_tuple(trace: Trace) -> str | None:
    """args=(1) for args=(1,)."""
    for clue in trace.signs("args not a tuple"):
        inside = clue.detail
        return (
            f"args must be a tuple, and got {inside}: write args=({inside},) with a comma, "
            f"since args=({inside}) is just {inside}."
        )
    return None


def target_called(trace: Trace) -> str | None:
    """target=f() for target=f."""
    done = {process.name for process in own_processes(trace) if process.completed}
    for clue in trace.signs("target called"):
        if clue.detail.partition(" was ")[0] not in done:
            return (
                f"{clue.detail}: target=f() calls f in the main program and hands over what it "
                "returned. Write target=f, without the ()."
            )
    return None


def task_called(trace: Trace) -> str | None:
    """pool.map(f(), values) for pool.map(f, values)."""
    for clue in trace.signs("task called"):
        return (
            f"The pool was given {clue.detail} to call, which is no function: f() calls f in the "
            "main program and hands over what it returned. Write f, without the ()."
        )
    return None


def run_called(trace: Trace) -> str | None:
    """run() for start()."""
    called = trace.signs("run called")
    if called:
        return (
            f"run() was called on {listed(clue.detail for clue in called)}: it runs the target "
            "right here, in the main program. Call start() to have a process do it."
        )
    return None


def never_started(trace: Trace) -> str | None:
    """A Process object that nobody started."""
    if not trace.unstarted or trace.signs("run called"):
        return None
    names = listed(made.name for made in trace.unstarted)
    was, it = ("was", "it") if len(trace.unstarted) == 1 else ("were", "them")
    return (
        f"{names} {was} created, but start() was never called on {it} (calling run() instead "
        "runs the target in the main program)."
    )


def joined_before_start(trace: Trace) -> str | None:
    """join() on a process that does not run yet."""
    for clue in trace.signs("join before start"):
        return f"join() was called on {clue.detail} before start(): start it first."
    return None


def threads(trace: Trace) -> str | None:
    """Threads in place of processes."""
    seen = trace.signs("thread")
    if not seen:
        return None
    kind = seen[0].detail
    return (
        f"{count(len(seen), 'thread')} ran instead ({kind}): threads live in the main "
        "program's own process, and so does everything of multiprocessing.dummy. "
        "Use multiprocessing.Process."
    )


def forks(trace: Trace) -> str | None:
    """os.fork() in place of a Process."""
    found = trace.of_kind("fork")
    if not found:
        return None
    return f"os.fork() made {count(len(found), 'child', 'children')}: use multiprocessing.Process."


def commands(trace: Trace) -> str | None:
    """subprocess in place of a Process."""
    found = [process for process in trace.of_kind("program") if process.parent]
    if not found:
        return None
    return (
        f"The program ran {listed(process.name for process in found)} as a subprocess: "
        "use multiprocessing.Process, which runs a function of yours."
    )


def pool_for_processes(trace: Trace) -> str | None:
    """A pool's workers in place of processes."""
    for pool in trace.pools:
        if pool.flavour == "Pool":
            return (
                f"A Pool was used, whose {pool.size} workers are the pool's own: which worker "
                "runs which task is left to chance. Create Process objects yourself."
            )
        if pool.flavour == "ProcessPoolExecutor":
            return (
                "A ProcessPoolExecutor was used, whose workers are its own. "
                "Create multiprocessing.Process objects yourself."
            )
    return thread_pool(trace)


def thread_pool(trace: Trace) -> str | None:
    """A pool of threads."""
    for pool in trace.pools:
        if pool.flavour == "ThreadPool":
            return (
                "A ThreadPool was used (multiprocessing.dummy.Pool is one too): its workers "
                "are threads in the main program's own process."
            )
        if pool.flavour == "ThreadPoolExecutor":
            return (
                "A ThreadPoolExecutor was used: its workers are threads in the main program's "
                "own process."
            )
    return None


def executor_for_pool(trace: Trace) -> str | None:
    """concurrent.futures in place of multiprocessing.Pool."""
    if any(pool.flavour == "ProcessPoolExecutor" for pool in trace.pools):
        return (
            "A ProcessPoolExecutor was used: it is a pool of processes too, but of "
            "concurrent.futures, and the exercise asks for multiprocessing.Pool."
        )
    return None


def missing_guard(trace: Trace) -> str | None:
    """No `if __name__ == "__main__":` where children import the main file."""
    if not trace.signs("bootstrapping"):
        return None
    return (
        'The part that starts processes must stand under `if __name__ == "__main__":`: '
        "each child imports this file, and without the __main__ guard starts processes anew."
    )


def shadowed_module(trace: Trace) -> str | None:
    """A file called multiprocessing.py."""
    for clue in trace.signs("shadowed module"):
        return (
            f"`import multiprocessing` found {clue.detail} instead of Python's own module: "
            "a file of this name hides it. Rename that file multiprocessing.py."
        )
    return None


def reading_input(error: str) -> str | None:
    """input() where nobody can answer."""
    if error.startswith(("EOFError: EOF when reading a line", "StdinNotImplementedError")):
        return (
            "input() found nothing to read: the program is run with nobody at the keyboard. "
            "Put the values into the program."
        )
    return None


def limited(trace: Trace, error: str) -> str | None:
    """What the system refused since it would go over a limit of the run."""
    limits = trace.limits
    if "[Errno 27]" in error:
        return f"A file, or a piece of shared memory, may have {size(limits.file_size)} here."
    if "[Errno 24]" in error:
        return (
            f"A process may have {limits.open_files} files and pipes open at once here: close "
            "what is not needed any more."
        )
    if error.startswith("MemoryError") or "[Errno 12]" in error or "start new thread" in error:
        return f"All processes together may take {size(limits.memory)} of memory here."
    return None


def pickled_lambda(error: str) -> str | None:
    """A lambda, or a function within a function, sent to another process."""
    # Python 3.13 does not name pickle in this error.
    if ("pickle" in error and "lambda" in error) or "local object" in error:
        what = "a lambda" if "lambda" in error else "a function defined inside another one"
        return (
            f"{what[0].upper()}{what[1:]} cannot be sent to another process. Use a function "
            "defined with def at the top level of the file."
        )
    return None


def not_importable(error: str) -> str | None:
    """A function that a child does not find when it imports the main file."""
    if "Can't get attribute" not in error or "__mp_main__" not in error:
        return None
    return (
        "With this start method each child imports the file anew, and did not find there what "
        "it is to run: a function must stand at the top level of the file, outside of "
        '`if __name__ == "__main__":`.'
    )


def defined_in_notebook(trace: Trace) -> str | None:
    """A function of a notebook, looked for by a child that was not forked."""
    if not trace.cells or not trace.signs("function not found"):
        return None
    if all(process.start_method in (None, "fork") for process in trace.processes):
        return None
    return (
        "A child process imports its functions from a file, and cannot find those that are "
        "defined in a notebook. Put them in a .py file beside it and import that."
    )


def pool_before_function(trace: Trace, error: str) -> str | None:
    """Workers that were made when the function did not exist yet."""
    if "Can't get attribute" not in error or "__mp_main__" in error:
        return None
    for pool in trace.pools:
        if any(worker.pid for worker in pool.workers):
            return (
                "The pool was created before the function that it is to run: its workers were "
                "started without it. Define the function first, then create the pool."
            )
    return None


def another_name(error: str) -> str | None:
    """A function whose name has come to stand for something else."""
    if "not the same object as" not in error:
        return None
    return (
        "Another process looks a function up by its name, and this one's name now stands for "
        "something else. Give the process a name that is not the function's."
    )


def started_into_none(error: str) -> str | None:
    """process = Process(...).start()."""
    if "'NoneType' object has no attribute" not in error:
        return None
    return (
        "start() gives back None: write `process = Process(...)` first, and `process.start()` on "
        "a line of its own."
    )


def target_as_group(error: str) -> str | None:
    """Process(f) for Process(target=f)."""
    if "group argument must be None" not in error:
        return None
    return "The first argument of Process is not the target: write Process(target=f, args=(...))."


def not_plain_text(error: str) -> str | None:
    """A file that Python cannot even read as text."""
    if not error.startswith(("SyntaxError", "ValueError")):
        return None
    if not any(words in error for words in _NOT_PLAIN_TEXT):
        return None
    return "The file is not plain text in UTF-8: have your editor save it as that."


_NOT_PLAIN_TEXT = (
    "cannot contain null bytes",
    "Non-UTF-8 code",
    "encoding problem",
    "'utf-8' codec can't decode",
)


def prose(error: str) -> str | None:
    """Sentences where a program should be."""
    if not error.startswith(("SyntaxError", "IndentationError", "TabError")):
        return None
    if error.count(": ") < 2:  # an error without the line that it was found in
        return None
    return "Python could not read that line as code. Text belongs behind a #."


def nothing_happened(trace: Trace) -> str | None:
    """A program that never came to its own code."""
    if len(trace.processes) > 1 or trace.writes:
        return None
    return (
        "Nothing happened at all: is the function that does it called, and does the guard say "
        '`if __name__ == "__main__":`?'
    )


def of_errors(trace: Trace, processes: Iterable[Process]) -> str | None:
    """The slip behind the errors that ended some processes."""
    errors = (error_of(process) for process in processes)
    return next((slip for slip in (of_error(trace, error) for error in errors) if slip), None)


def of_error(trace: Trace, error: str | None) -> str | None:
    """The slip behind an error message."""
    if not error:
        return None
    return (
        shadowed_module(trace)
        or missing_guard(trace)
        or reading_input(error)
        or limited(trace, error)
        or (run_called(trace) if "join a started process" in error else None)
        or joined_before_start(trace)
        or pickled_lambda(error)
        or another_name(error)
        or not_importable(error)
        or defined_in_notebook(trace)
        or pool_before_function(trace, error)
        or started_into_none(error)
        or target_as_group(error)
        or not_plain_text(error)
        or prose(error)
        or (_of_type_error(trace) if error.startswith("TypeError") else None)
    )


def _of_type_error(trace: Trace) -> str | None:
    return args_not_a_tuple(trace) or target_called(trace) or task_called(trace)
