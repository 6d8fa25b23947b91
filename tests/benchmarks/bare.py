"""What a fork for each program comes to if all else takes no time: `python bare.py AT_A_TIME`
reads the paths of programs, a line each, forks itself for each of them, and looks at nothing: no
sandbox, no observer, no marks, no gradebook. A line that begins with `cold ` starts a new
interpreter.
"""

import gc
import os
import random  # noqa: F401  # as the other imports that are not used: what most programs import
import runpy
import sys
from multiprocessing import pool, popen_fork, queues, synchronize  # noqa: F401
from pathlib import Path

_COLD = "cold "


def main(at_a_time: int, lines: list[str]) -> int:
    """Run them all, and give how many of them ended with 0."""
    gc.freeze()
    running = ended_well = 0
    for line in lines:
        if running == at_a_time:
            ended_well += _ended_well()
            running -= 1
        if not os.fork():
            _become(line)
        running += 1
    return ended_well + sum(_ended_well() for _ in range(running))


def _become(line: str) -> None:
    code = 1
    try:
        program = line.removeprefix(_COLD)
        os.chdir(Path(program).parent)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if line.startswith(_COLD):
            os.execv(sys.executable, [sys.executable, program])
        sys.argv = [program]
        runpy.run_path(program, run_name="__main__")
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


def _ended_well() -> bool:
    _pid, status = os.wait()
    return status == 0


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]), sys.stdin.read().splitlines())}\n")
