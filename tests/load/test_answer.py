"""What counts as an answer, and what is not there to be graded."""

import ast
import codecs
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import exercise_ids
from grader.load import Missing, NotAProgramError, Program, find_exercises, is_blank, load
from grader.load.content import LONGEST_PARSED
from tests.conftest import ROOT

GUARD = 'if __name__ == "__main__":\n    '


def _blank(source: str | bytes) -> bool:
    return is_blank(source.encode() if isinstance(source, str) else source)


# -- what is there -------------------------------------------------------------------------


def test_a_file_is_the_answer_to_whatever_is_asked(program: Callable[..., Path]) -> None:
    for name in ("my answer.py", "größe.py", "ANSWER.PY"):
        path = program("print(1)", name)
        assert load(path, "q3") == Program(path)
        assert load(path, "q6") == Program(path)


@pytest.mark.parametrize("name", ["q6.txt", "q6", "q6.pyc", "answer.py.zip"])
def test_a_file_that_is_no_python_program_is_a_mistake_and_said_to_be_one(
    program: Callable[..., Path], name: str
) -> None:
    path = program("print(1)", name)
    with pytest.raises(NotAProgramError, match=re.escape(str(path))):
        load(path, "q6")


def test_a_folder_holds_the_answer_under_the_exercises_name(program: Callable[..., Path]) -> None:
    path = program("print(1)", "q6.py")
    program("print(1)", "q5.py")
    assert load(path.parent, "q6") == Program(path)


def test_a_folder_without_the_exercises_file_lacks_it_and_says_which(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    program("print(1)", "q5.py")
    assert load(tmp_path, "q6") == Missing(f"There is no q6.py in {tmp_path}; found: q5.py.")


def test_nothing_at_the_path_is_no_answer_but_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "q6.py", "q6")


def test_a_folder_named_like_the_answer_is_none(tmp_path: Path) -> None:
    (tmp_path / "q6.py").mkdir()
    assert isinstance(load(tmp_path, "q6"), Missing)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_would_never_come_to_an_end_of_reading_is_no_answer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "q6.py")
    assert isinstance(load(tmp_path, "q6"), Missing)


def test_a_missing_answer_says_how_to_start(program: Callable[..., Path]) -> None:
    path = program("")
    answer = load(path, "q6")
    assert isinstance(answer, Missing)
    for words in (str(path), "no code of yours", "TODO", "`grade q6`"):
        assert words in answer.why


@pytest.mark.parametrize("id_", exercise_ids())
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_an_untouched_skeleton_is_missing_in_any_editors_line_endings(
    tmp_path: Path, id_: str, ending: str
) -> None:
    path = tmp_path / f"{id_}.py"
    skeleton = (ROOT / "exercises" / path.name).read_text(encoding="utf-8")
    path.write_text(skeleton, encoding="utf-8", newline=ending)
    assert isinstance(load(tmp_path, id_), Missing)


@pytest.mark.parametrize("id_", exercise_ids())
def test_a_skeleton_with_one_line_of_work_in_it_is_an_answer(tmp_path: Path, id_: str) -> None:
    skeleton = (ROOT / "exercises" / f"{id_}.py").read_text(encoding="utf-8")
    todo = "    # TODO: your program goes here\n"
    assert todo in skeleton
    begun = skeleton.replace(todo, f"{todo}    print('begun')\n")
    (tmp_path / f"{id_}.py").write_text(begun, encoding="utf-8")
    assert load(tmp_path, id_) == Program(tmp_path / f"{id_}.py")


# -- what does nothing ---------------------------------------------------------------------

BLANK: dict[str, str | bytes] = {
    "empty": "",
    "blank lines": "\n \n\t\n",
    "comments": "# TODO\n# print(1)\n",
    "a docstring": '"""Q6: print(1)"""\n',
    "imports": "import os\nfrom multiprocessing import Process, Pool as P\n",
    "future": "from __future__ import annotations\n",
    "constants": "None\n...\n42\n'text'\n",
    "pass": "pass\n",
    "empty guard": f"{GUARD}pass\n",
    "idle function": "def main():\n    '''To do.'''\n    pass\n    ...\n",
    "idle function called": f"def main():\n    pass\n\n{GUARD}main()\n",
    "idle function called without guard": "def main():\n    pass\n\nmain()\n",
    "imports within the guard": f"{GUARD}import os\n",
    "two idle functions": f"def work():\n    pass\ndef main():\n    ...\n{GUARD}main()\n",
    "byte order mark": b"\xef\xbb\xbf# TODO\n",
    "an escape that Python warns of": '"""Q6 \\d"""\n',
    "declared encoding": "# -*- coding: latin-1 -*-\n# größe\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", BLANK)
def test_a_file_without_effect_is_blank(name: str) -> None:
    assert _blank(BLANK[name])


EFFECTS = {
    "prints": "print(1)",
    "prints within the guard": f"{GUARD}print(1)",
    "prints in the guard's else": f"{GUARD}pass\nelse:\n    print(1)",
    "assigns": "x = 1",
    "function that prints": "def main():\n    print(1)",
    "function that returns": "def main():\n    return 1",
    "function that imports": "def main():\n    import this",
    "idle function called with arguments": "def main(n=1):\n    pass\nmain(2)",
    "idle function called with keywords": "def main(n=1):\n    pass\nmain(n=2)",
    "call of what is not defined": "main()",
    "call of a method": "import os\nos.getpid()",
    "call of a builtin": "exit()",
    "class": "class Worker:\n    pass",
    "async function": "async def main():\n    pass",
    "another condition": "import os\nif os:\n    pass",
    "loop": "while True:\n    pass",
    "with": "import os\nwith os:\n    pass",
    "raise": "raise SystemExit(3)",
    "assert": "assert False",
    "name": "undefined",
    "formatted text": "f'{1 / 0}'",
    "expression": "1 / 0",
    "lambda called": "(lambda: 1)()",
    "deletes": "del undefined",
    "one effect after much nothing": f"import os\n# TODO\npass\n{GUARD}pass\nprint(1)",
}


@pytest.mark.parametrize("name", EFFECTS)
def test_a_file_with_any_effect_is_not_blank(name: str) -> None:
    assert not _blank(EFFECTS[name])


UNREADABLE = {
    "syntax error": b"def main(:\n",
    "unclosed bracket": b"print((1)\n",
    "wrong indentation": b"if True:\npass\n",
    "tabs and spaces": b"if True:\n\tpass\n        pass\n",
    "merge conflict": b"<<<<<<< HEAD\n=======\n>>>>>>>\n",
    "python 2": b"print 1\n",
    "null byte": b"# TODO\n\x00",
    "only null bytes": b"\x00" * 100,
    "latin-1 undeclared": "# größe".encode("latin-1"),
    "utf-16": "print(1)".encode("utf-16"),
    "utf-16 without a mark": "# TODO".encode("utf-16-le"),
    "unknown encoding": b"# -*- coding: klingon -*-\n",
    "encoding that always fails": b"# -*- coding: undefined -*-\n",
    "encoding that is no text's": b"# -*- coding: rot13 -*-\n",
    "encoding that contradicts the mark": codecs.BOM_UTF8 + b"# -*- coding: latin-1 -*-\n",
    "an archive": b"PK\x03\x04\x14\x00\x08\x00",
    "nested too deeply": b"(" * 5000 + b")" * 5000,
    "nested too deeply to be walked": b"-" * 100_000 + b"1",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_python_cannot_read_is_not_blank_python_will_say_why(name: str) -> None:
    assert not _blank(UNREADABLE[name])


@pytest.mark.parametrize("line", [b"# TODO\n", b"print(1)\n", b"((((((((\n", b"\xff\xff\xff\xff"])
def test_a_long_file_is_not_blank_and_not_parsed(
    monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setattr(ast, "parse", lambda _source: pytest.fail("it was parsed"))
    assert not is_blank(line * (LONGEST_PARSED // len(line) + 1))


@given(st.binary(max_size=200))
def test_no_bytes_make_the_look_at_a_file_fail(source: bytes) -> None:
    assert _blank(source) in (True, False)


_STATEMENTS = [
    line for name in BLANK if isinstance(line := BLANK[name], str) and "def" not in line
]


@given(st.lists(st.sampled_from(_STATEMENTS), max_size=6), st.sampled_from(sorted(EFFECTS)))
def test_nothings_together_are_nothing_until_one_effect_joins_them(
    nothings: list[str], effect: str
) -> None:
    # Only at the top of a file may a future import stand.
    source = "\n".join(sorted(nothings, key=lambda text: "__future__" not in text))
    assert _blank(source)
    assert not _blank(f"{source}\n{EFFECTS[effect]}")


# -- where the exercises are ---------------------------------------------------------------


def test_exercises_are_found_beside_and_upwards(tmp_path: Path) -> None:
    below = tmp_path / "exercises" / "notes" / "old"
    below.mkdir(parents=True)
    for start in (tmp_path, tmp_path / "exercises", below):
        assert find_exercises(start) == tmp_path / "exercises"


def test_the_nearest_exercises_are_taken(tmp_path: Path) -> None:
    near = tmp_path / "course" / "exercises"
    near.mkdir(parents=True)
    (tmp_path / "exercises").mkdir()
    assert find_exercises(near.parent) == near


def test_a_file_called_exercises_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "exercises").write_text("")
    assert find_exercises(tmp_path / "course") == tmp_path / "exercises"


def test_without_exercises_above_none_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever lies above the temporary folder of this machine is no matter here.
    monkeypatch.setattr(Path, "is_dir", lambda path: path.is_relative_to(tmp_path))
    assert find_exercises(Path("/")) is None
