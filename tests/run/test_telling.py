"""Which programs could tell a warm start from a cold one."""

import json
import subprocess
import sys

import pytest

from grader.run.telling import _PLAIN, is_telling, shadows
from grader.zoo import specimens
from tests.conftest import ROOT, needs_warm

PLAIN = {
    "a process": "from multiprocessing import Process\nProcess(target=print).start()",
    "a module by another name": "import multiprocessing as mp\nmp.Pool(2).map(str, [1])",
    "a module of a package": "from multiprocessing.pool import ThreadPool",
    "executors": "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor()",
    "who runs it": "import os, sys\nprint(os.getpid(), sys.argv, sys.platform, __name__)",
    "an expression": "import re\nre.compile('a')",
    "a class of its own": "class Own:\n    def __init__(self):\n        self.path = 1",
    "a way out": "import sys\nsys.exit(len(sys.argv))",
    "the system's name": "import platform\nplatform.system()",
    "a name of a module of a package": "from collections.abc import Sequence",
    "a temporary folder": "import tempfile\ntempfile.mkdtemp()",
}
TELLING = {
    "looks at memory": "import gc",
    "imports what is no standard module": "import numpy",
    "imports from its folder": "from . import helper",
    "imports a module that a package may have": "import grader.run",
    "looks at its start": "print(open('/proc/self/cmdline').read())",
    "looks at what is loaded": "import sys\nprint('random' in sys.modules)",
    "looks at what is loaded, by its name": "from sys import modules",
    "looks at the stack": "import sys\nsys._getframe(3)",
    "prints the stack": "import traceback\ntraceback.print_stack()",
    "asks how deep it may go": "import sys\nsys.setrecursionlimit(30)",
    "a module that nobody imported": "import multiprocessing\nmultiprocessing.pool.Pool",
    "the same by another name": "import multiprocessing as mp\nmp.connection.wait([])",
    "looks into a module": "import multiprocessing\nprint(dir(multiprocessing))",
    "gives a module away": "import multiprocessing\nlooked = multiprocessing",
    "looks into all": "print(vars())",
    "runs what stands in no file": "exec('import gc')",
    "imports by a name": "__import__('gc')",
    "replaces what others take": "import time\ntime.sleep = print",
    "replaces what it took": "from multiprocessing import Process\nProcess.start = print",
    "removes what others take": "import time\ndel time.sleep",
    "sets its environment": "import os\nos.environ['TMPDIR'] = 'here'",
    "chooses a start method": "import multiprocessing\nmultiprocessing.set_start_method('fork')",
    "chooses a context": "from multiprocessing import get_context",
    "does something as it goes": "class Own:\n    def __del__(self):\n        print('gone')",
    "closes its output": "import os\nos.close(1)",
    "closes its output, by its name": "from os import close",
    "takes all of a module": "from os import *",
    "takes a way around": "print.__self__",
    "logs, and at its end": "import logging",
    "has another look at it": "import subprocess",
    "has a shell look at it": "import os\nos.system('ps')",
    "has a shell look at it, by its name": "from os import popen",
    "becomes what looks at it": "import os\nos.execv('/bin/ps', ['ps'])",
    "takes one module from another": "import os\nprint(os.sys.flags)",
    "imports one module from another": "from os import sys",
    "goes from a module to the next": "import random\nprint(random._os.sys.path)",
    "asks how deep it may go now": "import sys\nsys.getrecursionlimit()",
    "has a folder removed at its end": "import tempfile\ntempfile.TemporaryDirectory()",
    "logs where it was called from": "print(stacklevel=9)",
    "never awaits what it made": "async def wait(): pass\nwaiting = wait()",
    "a module that a package may have": "import urllib\nurllib.parse",
    "a module that a package has": "import collections\ncollections.abc",
    "is in another encoding": "# coding: latin-1\nx = '\xe9'",
    "cannot be parsed": "print(",
    "has a null character": "x = '\0'",
    "is far too deep": "x = " + "(" * 9000 + "1" + ")" * 9000,
    "is far too long": "x = 1\n" * 50_000,
}


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_a_program_that_uses_standard_modules_by_their_names_cannot_tell(source: str) -> None:
    assert not is_telling(source.encode())


@pytest.mark.parametrize("source", TELLING.values(), ids=TELLING)
def test_a_program_that_looks_further_may_tell(source: str) -> None:
    assert is_telling(source.encode("latin-1"))


def test_of_the_zoo_nearly_all_cannot_tell() -> None:
    sources = [each.path.read_bytes() for each in specimens(ROOT)]
    assert sum(map(is_telling, sources)) < len(sources) / 10


def test_to_parse_a_program_says_nothing_of_its_slips(capfd: pytest.CaptureFixture[str]) -> None:
    is_telling(b"x = '\\d'\nprint(x is 1)")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["random.py", "queue", "json.cpython-311.so", "sitecustomize.py"])
def test_a_file_by_the_name_of_what_python_imports_stands_in_its_way(name: str) -> None:
    assert shadows(["q6.py", name])


def test_other_files_stand_in_nobodys_way() -> None:
    assert not shadows(["q6.py", "helper.py", "data", "random_numbers.txt", "q3.ipynb", ".git"])


@needs_warm
def test_only_of_known_packages_there_are_modules_in_memory_before_a_program_asks() -> None:
    source = (
        "import sys, json; before = set(sys.modules)\n"
        "import msgspec\n"
        "from grader.run import keeper, observing, warm_program\n"
        "sys.path.insert(0, 'grader/run/probe')\n"
        "warm_program.preload()\n"
        "print(json.dumps([*set(sys.modules) - before]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, check=True, cwd=ROOT
    )
    packages = {name.partition(".")[0] for name in json.loads(done.stdout) if "." in name}
    assert packages & _PLAIN <= {"multiprocessing", "collections", "typing"}
