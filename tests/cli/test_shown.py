"""Nothing that a learner prints, raises or names steers the terminal or the log it is shown in.

From outside: the command and pytest as people run them, on what is as nasty as it can be.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.report.harmless import assert_harmless

NASTY = (
    "\x1b[2J\x1b]0;title\x07\x1b]8;;http://x\x1b\\\x9b31m\x90q\x9c\x08\x7f\r"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    "\u200b\u2060\ufeff\u00ad\u3164\u034f\U000e0041\u2028\u2029\x85\ufffe\uffff"
    "##[group]##vso[task.x]y [red]&<>]]>"
)
"""One line of it; the words below make it two."""

LINES = "\n::stop-commands::x\n  ::add-mask::y\n\u3000::set-output name=a::b\n"
HALVES = "\ud800\udcff\udfff"

PROGRAM = f"""
import contextlib, multiprocessing as mp, os, sys
TEXT = {NASTY + LINES!r}
NAMED = TEXT + {HALVES!r}

def work(number):
    os.write(1, (TEXT + str(number)).encode() + bytes(range(256)))
    if number > 1:
        raise type(TEXT, (Exception,), {{"__module__": NAMED}})(NAMED)

def named(number):
    work(number)

work.__qualname__ = work.__name__ = work.__module__ = NAMED

if __name__ == "__main__":
    sys.stderr.buffer.write(TEXT.encode())
    children = [mp.Process(target=work, args=(n,), name=NAMED + str(n)) for n in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    with mp.get_context("fork").Pool(2) as pool:
        result = pool.map_async(named, range(4))
        result.wait()
    mp.Process(target=work, name=NAMED)
    with contextlib.suppress(TypeError):
        mp.Process(target=work(1), args=(1), name=NAMED)
    raise type(TEXT, (Exception,), {{}})(NAMED)
"""

NAME = "\x1b[2J\x07\x9b\u202e\u2066\u061c\u2028\udcff\n::stop-commands::##[x]"
"""Of a file: 255 bytes are the most that it may have."""

ENCODINGS = {
    "UTF-8": {"PYTHONUTF8": "1"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "the locale C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an exercise, a program and a notebook, all nasty and with nasty names."""
    folder = tmp_path / f"{NAME} folder"
    (folder / "exercises").mkdir(parents=True)
    for place in ("exercises/q6.py", f"{NAME}.py"):
        (folder / place).write_text(PROGRAM, encoding="utf-8")
    cells = [
        new_markdown_cell(f"# Q1. What is multiprocessing in Python? {NASTY}"),
        new_markdown_cell(f"It is {NASTY} {LINES} and much more than that"),
        new_markdown_cell(f"# Q3 {NASTY}{HALVES}"),
        new_code_cell(f"raise type({NASTY!r}, (Exception,), {{}})({LINES + HALVES!r})"),
        new_markdown_cell(f"Q6. {LINES}"),
        new_code_cell(PROGRAM),
    ]
    text = json.dumps(new_notebook(cells=cells))  # its halves in escapes
    (folder / f"{NAME}.ipynb").write_text(text, encoding="utf-8")
    (folder / "solutions").mkdir()
    (folder / "solutions" / f"{NAME}.py").write_text("### BEGIN SOLUTION\n")
    return folder


def _run(folder: Path, *command: str, **extra: str) -> tuple[int, str, str]:
    steering = ("PYTEST_", "COV_", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8", "LC_", "LANG")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**outer, "PYTHONDONTWRITEBYTECODE": "1", **extra},
        capture_output=True,
        check=False,
    )
    # What is not UTF-8 is no way to write anything.
    return done.returncode, done.stdout.decode(), done.stderr.decode()


COMMANDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "an exercise": (1, ("q6", "./" + NAME + ".py", "--no-portable")),
    "where one stands": (1, ()),
    "a trace": (0, ("trace", NAME + ".py")),
    "a notebook": (1, ("all", NAME + ".ipynb", "--no-portable")),
    "a hint": (0, ("hint", "q6", NAME + ".py")),
    "no such file": (2, ("q6", NAME + "/nowhere")),
    "no such program": (2, ("trace", NAME)),
    "no such exercise": (2, (NAME,)),
    "no such option": (2, ("q6", "--" + NAME)),
    "no such choice": (2, ("q6", "--format", NAME)),
    "no such folder": (2, ("verify", NAME)),
    "two at a time": (2, ("q6", NAME, NAME)),
    "a name too long": (2, ("q6", NAME + ".ipynb", "--executed", NAME * 99)),
    "no notebook": (2, ("q6", NAME + ".py", "--executed", NAME)),
    "markers of solutions": (2, ("handout",)),
    "a handout": (0, ("handout", NAME, "--solutions", "exercises")),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("what", COMMANDS)
def test_the_command_prints_nothing_that_is_obeyed(desk: Path, what: str, encoding: str) -> None:
    expected, arguments = COMMANDS[what]
    code, out, err = _run(desk, "grader", *arguments, **ENCODINGS[encoding])
    assert_harmless(out, in_ascii=encoding != "UTF-8")
    assert_harmless(err, in_ascii=encoding != "UTF-8")
    assert code == expected, err
    assert r"\x1b" in out + err or what in ("a hint", "where one stands")
    assert "Traceback" not in err


def test_the_json_is_valid_and_holds_what_was_written_to_the_letter(desk: Path) -> None:
    arguments = ("q6", NAME + ".py", "--no-portable", "--format", "json")
    _code, out, err = _run(desk, "grader", *arguments)
    assert_harmless(out, in_ascii=True)
    assert err == ""
    document = json.loads(out)
    assert document["submission"] == NAME + ".py"
    written = "".join(each["text"] for each in document["exercises"][0]["trace"]["writes"])
    assert NASTY + LINES in written


def test_pytest_prints_nothing_that_is_obeyed_and_its_xml_is_well_formed(tmp_path: Path) -> None:
    folder = tmp_path / "class" / NAME
    folder.mkdir(parents=True)
    (folder / "q6.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "q3.py").write_text("# TODO")
    options = ("-vv", "-rA", "-p", "no:cacheprovider", "--junitxml=out.xml")
    for extra in ENCODINGS.values():
        code, out, err = _run(tmp_path, "pytest", "--submissions=class", *options, **extra)
        assert_harmless(out + err, in_ascii=False)
        assert code == 1
        assert r"class/\x1b[2J" in out
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()[0]
    failures = [str(failure.text) for failure in suite.iter("failure")]
    assert any(r"\x1b[2J" in text and "Hint: " in text for text in failures)
    assert any(r"\x1b[2J" in text and text.startswith("absent: ") for text in failures)
    assert_harmless((tmp_path / "out.xml").read_text(encoding="utf-8"), in_ascii=False)


@pytest.mark.parametrize("arguments", [(NAME,), (f"--submissions={NAME}",)], ids=["path", "="])
def test_pytests_usage_errors_are_harmless_too(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    given = arguments if arguments[0].startswith("--") else ("--submissions=.", *arguments)
    code, out, err = _run(tmp_path, "pytest", "-p", "no:cacheprovider", *given)
    assert_harmless(err, in_ascii=False)
    assert (code, out) == (pytest.ExitCode.USAGE_ERROR, "")
    assert r"\x1b[2J" in err


def test_progress_on_a_terminal_shows_no_more_than_a_line(desk: Path) -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "trace", NAME + ".py"],
        cwd=desk,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    process.communicate()
    os.close(ours)
    assert r"Running \x1b[2J\x07" in shown
    assert_harmless(re.sub("^\r|\r$", "", shown), in_ascii=False)
    assert len(shown) < 120


def test_the_executed_notebook_is_written_whatever_is_in_it(desk: Path) -> None:
    arguments = (NAME + ".ipynb", "--executed", "out.ipynb", "--no-portable")
    code, _out, err = _run(desk, "grader", "q3", *arguments)
    assert (code, err) == (1, "")
    assert len(nbformat.read(desk / "out.ipynb", as_version=4).cells) == 6
