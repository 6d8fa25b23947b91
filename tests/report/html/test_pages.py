import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from msgspec import structs

from grader.handed_in import HandedInFile
from grader.report.html import write_pages
from grader.report.html.names import PAGE, page_name
from grader.results import Result
from tests.report.harmless import assert_harmless

from .classes import (
    EVIL,
    NOTEBOOK,
    SCRIPT,
    a_learner,
    a_result,
    always,
    hostile,
    hostile_files,
    nothing,
    ordinary,
)
from .reading import Page, read

Files = Callable[[str], tuple[HandedInFile, ...]]

FILES = always(
    HandedInFile("assignment.py", SCRIPT.encode()), HandedInFile("notes.ipynb", NOTEBOOK)
)

CLASSES: dict[str, tuple[Callable[[], Iterator[Result]], Files]] = {
    "ordinary": (lambda: ordinary(15), FILES),
    "hostile": (hostile, hostile_files),
    "empty": (lambda: iter(()), nothing),
}


@pytest.fixture(params=CLASSES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of the pages of a class."""
    results, files = CLASSES[request.param]
    write_pages(tmp_path / "report", results(), files)
    return tmp_path / "report"


def _pages(site: Path) -> dict[Path, Page]:
    return {path: read(path) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_place_that_is_there(site: Path) -> None:
    pages = _pages(site)
    for path, page in pages.items():
        for link in page.all("href"):
            assert not re.match(r"[a-z]+:|/", link), link
            file, _, anchor = link.partition("#")
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target in pages, link
            assert not anchor or anchor in pages[target].all("id"), link


def test_ids_are_unique_tags_are_closed_and_headings_leave_no_level_out(site: Path) -> None:
    for page in _pages(site).values():
        ids = page.all("id")
        assert len(ids) == len({*ids})
        assert page.unbalanced == []
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= before + 1 for before, later in pairwise(levels))


def test_every_page_says_its_language_its_title_and_where_the_content_is(site: Path) -> None:
    for page in _pages(site).values():
        assert page.of("html", lang="en")
        assert len(page.of("title")) > 0
        assert page.of("a", class_="skip", href="#main")
        assert page.of("main", id="main")


def test_every_learner_is_reached_from_the_class_and_from_both_neighbours(tmp_path: Path) -> None:
    index = write_pages(tmp_path, ordinary(15), nothing)
    expected = [page_name(result.learner.id) for result in ordinary(15)]
    linked = [a["href"] for a in read(index).of("a") if str(a["href"]).startswith("learners/")]
    assert linked[-15:] == [f"learners/{name}" for name in expected]
    for place, name in enumerate(expected):
        page = read(tmp_path / "learners" / name)
        before = [a["href"] for a in page.of("a", rel="prev")]
        after = [a["href"] for a in page.of("a", rel="next")]
        assert before == 2 * expected[place - 1 : place] if place else before == []
        assert after == 2 * expected[place + 1 : place + 2]
        assert len(page.of("a", href="../index.html")) == 2


# -- what learners wrote is text ----------------------------------------------------------

_TAGS = re.compile(
    "html|head|meta|title|style|script|body|a|header|p|h[123]|nav|main|section|table|caption|thead"
    "|tbody|tr|th|td|span|div|ul|ol|li|details|summary|form|label|input|fieldset|legend|button|svg"
    "|g|defs|path|circle|rect|line|text|tspan|use|figure|b|code|pre|dl|dt|dd|article"
    "|footer"
)


def test_nothing_that_a_learner_wrote_is_obeyed_or_hidden(tmp_path: Path) -> None:
    write_pages(tmp_path, hostile(), hostile_files, title=EVIL)
    pages = _pages(tmp_path)
    assert len(pages) == 4
    for page in pages.values():
        assert all(_TAGS.fullmatch(tag) for tag, _ in page.tags)
        assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
        assert not page.all("style")
        assert not page.all("src")
        assert_harmless(page.html, in_ascii=False)
        assert "<script>window.hacked=1</script>" in page.text
        assert r"\u202eRTL\u2066 \x00\x1b[31m \ud800 &lt;b&gt;" in page.text
        assert "{{7*7}}" in page.text


def test_only_the_styles_and_the_script_of_the_kit_are_allowed(site: Path) -> None:
    for path, page in _pages(site).items():
        (policy,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
        rules = dict(rule.split(maxsplit=1) for rule in str(policy["content"]).split("; "))
        hashes = {
            f"{tag}-src": "'sha256-"
            + b64encode(sha256(page.asset(tag).encode()).digest()).decode()
            + "'"
            for tag in ("style", "script")
        }
        scripts = len(page.of("script"))
        assert scripts == (1 if path.name == "index.html" else 0)
        if not scripts:
            del hashes["script-src"]
        assert rules == {
            "default-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
            **hashes,
        }


@pytest.mark.parametrize(
    "learner",
    ["../../etc/passwd", "", ".", "con", "a/b", "ÄÖÜ", "x" * 5000, "a\0b", "\ud800", "<b>"],
)
def test_the_name_of_a_page_is_safe_whatever_an_id_is(learner: str) -> None:
    assert PAGE.fullmatch(page_name(learner))


def test_ids_that_look_alike_have_pages_of_their_own() -> None:
    alike = ["ada", "Ada", "a-d-a", "a d a", "ada ", "x" * 5000, "x" * 5001, "å", "ä"]
    assert len({page_name(learner) for learner in alike}) == len(alike)


# -- writing -------------------------------------------------------------------------------


def _stamped(site: Path) -> dict[str, int]:
    """Every file set back to an old time, with that time."""
    for path in site.rglob("*.*"):
        os.utime(path, (1, 1))
    return _times(site)


def _times(site: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in site.rglob("*.*")}


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    write_pages(tmp_path, ordinary(3), FILES)
    before = _stamped(tmp_path)
    write_pages(tmp_path, ordinary(3), FILES)
    assert _times(tmp_path) == before


def test_only_the_page_of_whom_something_changed_about_is_written_again(tmp_path: Path) -> None:
    write_pages(tmp_path, ordinary(3), FILES)
    before = _stamped(tmp_path)
    first, second, third = ordinary(3)
    second = structs.replace(second, notices=("look at it",))
    write_pages(tmp_path, [first, second, third], FILES)
    after = _times(tmp_path)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", page_name(second.learner.id)}


def test_pages_of_who_is_gone_are_taken_away_and_nothing_else(tmp_path: Path) -> None:
    write_pages(tmp_path, ordinary(3), nothing)
    own = tmp_path / "learners" / "my notes.html"
    own.write_text("mine")
    write_pages(tmp_path, list(ordinary(3))[:2], nothing)
    kept = {page_name(result.learner.id) for result in list(ordinary(3))[:2]}
    assert {path.name for path in (tmp_path / "learners").iterdir()} == {*kept, own.name}


def test_a_page_that_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    name = page_name(a_learner().id)
    (tmp_path / "learners" / name / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_pages(tmp_path, [a_result()], nothing)
    assert [path.name for path in (tmp_path / "learners").iterdir()] == [name]


def test_results_are_taken_one_at_a_time(tmp_path: Path) -> None:
    """When one is asked for, the pages of all but the last one before it are there."""

    def watched(results: Iterable[Result]) -> Iterator[Result]:
        for count, result in enumerate(results):
            written = len([*(tmp_path / "learners").iterdir()])
            assert written == max(count - 1, 0)
            yield result

    write_pages(tmp_path, watched(ordinary(5)), nothing)


def test_the_files_are_asked_for_by_the_digest_of_what_counts(tmp_path: Path) -> None:
    asked: list[str] = []

    def files(digest: str) -> tuple[HandedInFile, ...]:
        asked.append(digest)
        return ()

    results = [*ordinary(11)]
    write_pages(tmp_path, results, files)
    assert asked == [each.submission.digest for each in results if each.submission]
    assert len(asked) == 10
