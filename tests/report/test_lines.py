import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.lines import (
    Lines,
    display_width,
    fitted,
    flow,
    line_width,
    plain,
    render,
    wrap,
)
from grader.report.neutral import neutral

from .traces import nasty_texts


def texts(lines: Lines) -> list[str]:
    return render(lines, colour=False).split("\n")


def test_without_colour_there_are_no_escape_codes() -> None:
    assert render(((("good", "good"), (" bad", "bad")), ()), colour=False) == "good bad\n"


def test_colour_changes_no_letter() -> None:
    lines: Lines = ((("a", "good"), ("b", "bad"), ("c", "strong"), ("d", "dim")),)
    coloured = render(lines, colour=True)
    assert coloured.startswith("\x1b[32ma\x1b[0m")
    assert click.unstyle(coloured) == "abcd"


@pytest.mark.parametrize("colour", [True, False])
def test_text_that_nobody_neutralised_is_neutralised_on_its_way_out(*, colour: bool) -> None:
    assert r"\x1b[2J" in render((plain("\x1b[2J"),), colour=colour)


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("进程", 4), ("🎉", 2), ("e\u0301", 1)])
def test_width_is_counted_in_columns_of_a_terminal(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc", "abc      "),
        ("ForkPoolWorker-12", "ForkP…-12"),
        ("进程一号工作者", "进程一…者"),
    ],
)
def test_a_name_is_fitted_into_its_columns_and_keeps_its_end(text: str, shown: str) -> None:
    assert fitted(text, 9, "…") == shown
    assert display_width(shown) == 9


def test_lines_break_at_spaces_and_keep_the_other_spaces() -> None:
    lines = wrap(plain("one  two   three"), 9, indent=1, hanging=2)
    assert texts(lines) == [" one  two", "  three"]


def test_a_word_too_long_for_a_line_is_broken_and_not_dropped() -> None:
    assert texts(wrap(plain("abcdefgh"), 5, hanging=2)) == ["abcde", "  fgh"]


@pytest.mark.parametrize("word", ["a" * 9 + "::error::x", "a" * 10 + "::error::x"])
def test_no_break_within_a_word_leaves_a_workflow_command_at_the_start(word: str) -> None:
    lines = texts(wrap(plain(word), 10))
    assert "".join(lines) == word
    assert not any(line.startswith("::") for line in lines)


def test_spans_keep_their_style_over_a_break() -> None:
    lines = wrap((("one two", "bad"), (" three", "good")), 5)
    assert lines == (
        (("", "plain"), ("one", "bad")),
        (("", "plain"), ("two", "bad")),
        (("", "plain"), ("three", "good")),
    )


def test_facts_stay_whole_where_a_line_has_room_for_them() -> None:
    facts = [plain("one two"), plain("three four"), plain("five")]
    assert texts(flow(facts, "; ", 18, indent=0, hanging=1)) == [
        "one two;",
        " three four; five",
    ]


@given(nasty_texts, st.integers(20, 90), st.integers(0, 10))
def test_no_broken_line_is_too_wide_or_starts_a_workflow_command(
    text: str, width: int, indent: int
) -> None:
    lines = wrap(plain(neutral(text)), width, indent=indent)
    assert all(line_width(line) <= width for line in lines)
    assert not any(line.lstrip().startswith("::") for line in texts(lines))


@given(nasty_texts, st.integers(20, 90))
def test_breaking_loses_nothing_but_spaces(text: str, width: int) -> None:
    shown = neutral(text)
    broken = "".join(texts(wrap(plain(shown), width)))
    assert broken.replace(" ", "") == shown.replace(" ", "")


@given(nasty_texts, st.integers(9, 30))
def test_fitted_text_takes_exactly_its_columns(text: str, columns: int) -> None:
    assert display_width(fitted(neutral(text), columns, "…")) == columns
