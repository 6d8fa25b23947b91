"""Who could tell a warm start from a cold one begins cold."""

import pytest

from grader.run.telling import is_telling


@pytest.mark.parametrize(
    "source",
    [
        "import logging",
        "import subprocess",
        "import os\nos.system('ps')",
        "from os import popen",
        "import os\nos.execv('/bin/ps', ['ps'])",
        "import os\nos.sys.modules",
        "from os import sys",
        "import random\nrandom._os.sys.path",
        "import sys\nsys.setrecursionlimit(5000)",
        "import sys\nsys.getrecursionlimit()",
        "import tempfile\nfolder = tempfile.TemporaryDirectory()",
        "import multiprocessing\nmultiprocessing.get_logger().warning('x', stacklevel=9)",
        "async def never_awaited(): pass\nwaiting = never_awaited()",
        "import urllib\nurllib.parse",
        "import collections\ncollections.abc",
        b"# \xff\nprint(1)",
    ],
)
def test_a_program_that_could_tell_begins_cold(source: str | bytes) -> None:
    assert is_telling(source if isinstance(source, bytes) else source.encode())


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nsys.exit(len(sys.argv))",
        "import platform\nplatform.system()",
        "from collections.abc import Sequence",
        "import tempfile\ntempfile.mkdtemp()",
        "from multiprocessing import Pool\nwith Pool(2) as pool: pool.map(abs, [1])",
    ],
)
def test_a_program_that_could_not_tell_begins_warm(source: str) -> None:
    assert not is_telling(source.encode())
