import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.lines import plain, render, wrap
from grader.report.neutral import neutral

from .harmless import UNSEEN, assert_harmless
from .traces import nasty_texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("two\nlines\r", r"two\nlines\r"),
        ("evil\u202etxt", r"evil\u202etxt"),
        ("\u2066\u2069\u200b\ufeff", r"\u2066\u2069\u200b\ufeff"),
        ("\u2028\x85", r"\u2028\x85"),
        ("\ud800", r"\ud800"),
        ("❤\ufe0f", r"❤\ufe0f"),
        ("\U000e0100", r"\U000e0100"),
        ("a\u3164b\u034fc\u2800", r"a\u3164b\u034fc\u2800"),
        ("\u061c\u200e\u200f", r"\u061c\u200e\u200f"),
    ],
)
def test_what_steers_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert neutral(text) == shown


@pytest.mark.parametrize(
    "text",
    ["My number is 3", "naïve", "进程 🎉", "e\u0301", "a[::2]", "12:30", r"\x1b", ""],
)
def test_harmless_text_of_any_language_is_shown_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::stop-commands::x", r"\x3a:stop-commands::x"),
        ("  ::error::x", r"  \x3a:error::x"),
        ("said ::error::x", r"said \x3a:error::x"),
        ("a:::b", r"a\x3a\x3a\x3ab"),
        ("x ##[group]y", r"x #\x23[group]y"),
        ("###[a] ##vso[task.b]", r"##\x23[a] #\x23vso[task.b]"),
        ("\u3000::error::x", r"\u3000::error::x"),
    ],
)
def test_workflow_commands_are_broken(text: str, shown: str) -> None:
    assert neutral(text) == shown


def test_beyond_ascii_is_escaped_only_where_asked() -> None:
    assert neutral("é 🎉", ascii=True) == r"\xe9 \U0001f389"
    assert neutral("é 🎉") == "é 🎉"


def test_whatever_hides_or_reorders_text_is_shown_as_an_escape() -> None:
    every = [chr(code) for code in range(0x110000)]
    seen = [c for c in every if UNSEEN.match(c) and c in neutral(f"a{c}b")]
    assert seen == []


@given(nasty_texts, st.integers(1, 200))
def test_it_is_harmless_wherever_a_line_is_broken(text: str, place: int) -> None:
    shown = neutral(text)
    assert_harmless(shown, in_ascii=False)
    lines = wrap(plain(shown), place % 30 + 1)
    assert_harmless(render(lines, colour=False), in_ascii=False)


@given(nasty_texts)
def test_no_control_or_format_character_comes_through(text: str) -> None:
    shown = neutral(text)
    assert not {unicodedata.category(c)[0] for c in shown} & {"C"}
    assert not {unicodedata.category(c) for c in shown} & {"Zl", "Zp"}


@given(nasty_texts)
def test_neutral_text_stays_as_it_is(text: str) -> None:
    assert neutral(neutral(text)) == neutral(text)
    assert neutral(neutral(text, ascii=True)) == neutral(text, ascii=True)


@given(nasty_texts)
def test_asked_for_ascii_everything_is(text: str) -> None:
    assert neutral(text, ascii=True).isascii()
