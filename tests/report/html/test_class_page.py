import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs

from grader.handed_in import Learner
from grader.mark import CheckStatus
from grader.report.html.class_page import class_page
from grader.report.html.tally import Tally
from grader.results import ExerciseResult, ManualMark, Result
from tests.report.traces import a_check, an_exercise

from .classes import a_learner, a_result, a_submission, as_result, ordinary
from .reading import Page


def page_of(results: Iterable[Result], **more: Any) -> Page:
    tally = Tally()
    for result in results:
        tally.add(result)
    return Page(class_page(tally, **more))


def scoring(points: int, most: int = 10, number: int = 1, **more: Any) -> Result:
    """A learner with so many points."""
    report = an_exercise(points=points, max_points=most, status="failed")
    return a_result(a_learner(number), exercises=(as_result(report),), **more)


def section(page: Page, heading: str, until: str) -> str:
    """The words between two headings."""
    return page.words.rpartition(f" {heading} ")[2].partition(f" {until} ")[0]


def test_it_says_how_many_learners_there_are_and_how_they_handed_in() -> None:
    late = a_result(a_learner(2), submission=a_submission(late=True))
    missing = a_result(a_learner(3), submission=None)
    words = page_of([a_result(), late, missing], title="Parallel 101").words
    assert "Parallel 101 3 learners · 1 not handed in · 1 late" in words


def test_it_counts_the_statuses_of_each_exercise() -> None:
    statuses = ["passed", "passed", "failed", "absent", "error", "manual"]
    results = [
        a_result(a_learner(n), exercises=(as_result(an_exercise(status=status)),))
        for n, status in enumerate(statuses, start=1)
    ]
    marked = as_result(an_exercise(status="failed"), ManualMark(points=3, max_points=10))
    ungraded = ExerciseResult(id="q6", title="", report=None)
    results += [a_result(a_learner(7), exercises=(marked,))]
    results += [a_result(a_learner(8), exercises=(ungraded,))]
    assert (
        "Exercise ✓ passed ✗ failed - absent ! error ? to be marked ✎ marked by hand - not graded "
        "median q6 Create 4 processes 2 1 1 1 1 1 1"
    ) in page_of(results).words


def test_it_shows_how_the_points_are_distributed() -> None:
    points = [10, 10, 9, 5, 5, 0]
    page = page_of(scoring(p, number=n) for n, p in enumerate(points, start=1))
    words = section(page, "Points", "For a person's eye")
    assert "Median 70 %, mean 65 % of 6 learners with points." in words
    assert "100 % 2 90-99 % 1 80-89 % 0 70-79 % 0 60-69 % 0 50-59 % 2 40-49 % 0" in words
    assert words.endswith("0-9 % 1")
    widths = [rect["width"] for rect in page.of("rect", class_="part")]
    assert [w for w in widths if w != "0.0%"] == ["100.0%", "50.0%", "100.0%", "50.0%"]


def test_who_has_not_handed_in_is_in_no_distribution() -> None:
    words = page_of([scoring(10), scoring(0, number=2, submission=None)]).words
    assert "mean 100 % of 1 learner with points." in words
    assert "Nobody has points yet." in page_of([]).words


def test_it_says_how_often_each_check_fails_where_it_was_looked_at() -> None:
    statuses: list[CheckStatus] = ["passed", "failed", "failed", "skipped", "failed"]
    results = [
        a_result(a_learner(n), exercises=(as_result(an_exercise(a_check("joined", status))),))
        for n, status in enumerate(statuses, start=1)
    ]
    absent = an_exercise(a_check("joined", "skipped"), status="absent")
    results += [a_result(a_learner(6), exercises=(as_result(absent),))]
    words = section(page_of(results), "Checks that fail", "For a person's eye")
    assert words.endswith("rate q6 Title of joined joined 3 of 4 1 75 %")


def test_it_says_who_needs_a_persons_eye_and_why_the_rarest_reason_first() -> None:
    common = [a_result(a_learner(n), notices=("q1 is to be read",)) for n in (1, 2)]
    rare = a_result(a_learner(3), notices=("q1 is to be read", "q6 looks alike"))
    page = page_of([*common, rare])
    assert section(page, "For a person's eye", "Learners") == (
        "q6 looks alike 1 learner Alan Turing "
        "q1 is to be read 3 learners Ada Lovelace , Grace Hopper , Alan Turing"
    ).replace(" ,", ",")
    assert "Nobody's work waits for a person." in page_of([a_result()]).words


def test_of_a_reason_that_very_many_share_not_all_are_named() -> None:
    page = page_of(a_result(a_learner(n), notices=("look",)) for n in range(1, 301))
    assert "and 100 more: filter the table below by “needs a person's eye”" in page.words


def test_each_learner_has_a_row_that_says_it_all() -> None:
    failed = an_exercise(a_check("ran_clean"), a_check("joined", "failed"))
    submission = a_submission(late=True, attempt=2, attempts=3)
    result = a_result(
        submission=submission, exercises=(as_result(failed),), notices=("look at it",)
    )
    row = page_of([result]).words.rpartition("Failed checks ")[2]
    assert row == ("Ada Lovelace s0001 ✗ 2 / 4 failed 2 / 4 late 2 of 3 q6 joined person's eye")


def test_a_learner_who_lacks_an_exercise_has_an_empty_cell_for_it() -> None:
    other = as_result(an_exercise(id="q3", title="One", points=4, max_points=4))
    page = page_of([a_result(), a_result(a_learner(2), exercises=(other,))])
    cells = [str(cell["data-v"]) for cell in page.of("td") if "data-v" in cell]
    ada, grace = cells[: len(cells) // 2], cells[len(cells) // 2 :]
    assert (ada[:2], grace[:2]) == (["4.000000", "-2"], ["-2", "4.000000"])


def test_rows_are_sorted_by_points_and_by_status_among_the_same_points() -> None:
    reports = [
        an_exercise(status="error"),
        an_exercise(status="absent", points=0, max_points=10),
        an_exercise(status="failed", points=0, max_points=10),
        an_exercise(status="failed", points=2, max_points=10),
        an_exercise(status="passed", points=10, max_points=10),
    ]
    page = page_of(a_result(exercises=(as_result(report),)) for report in reports)
    error, absent, failed, better, best = (
        float(str(cell["data-v"])) for cell in page.of("td", class_="mark")
    )
    assert error < failed < absent < better < best
    assert all(one < other for one, other in pairwise([error, failed, absent, better, best]))


def test_every_finding_can_be_filtered_by_and_says_how_many_have_it() -> None:
    page = page_of(ordinary(22))
    choices = {str(box["value"]) for box in page.of("input", type="checkbox")}
    rows = [str(row["data-f"]).split() for row in page.of("tr") if "data-f" in row]
    assert choices == {finding for row in rows for finding in row}
    late = sum(result.submission is not None and result.submission.late for result in ordinary(22))
    assert f"late ({late})" in page.words
    assert "failed check: The program ends without an error (7)" in page.words
    number = re.search(r'value="(\d+)"> failed check: The program ends', page.html)
    assert number
    assert sum(number[1] in row for row in rows) == 7


def test_who_is_searched_for_by_address_or_an_id_elsewhere_is_found() -> None:
    learner = Learner(id="a", email="ada@uni.org", ids={"canvas": "4711"})
    (row,) = [r for r in page_of([a_result(learner)]).of("tr") if "data-f" in r]
    assert row["data-k"] == "ada@uni.org 4711"


def test_without_a_script_there_are_no_controls_that_do_nothing() -> None:
    page = page_of(ordinary(3))
    assert page.of("form", id="controls", hidden=None) == [
        attrs for tag, attrs in page.tags if tag == "form" and "hidden" in attrs
    ]
    assert len(page.of("form")) == 1
    assert "hidden" in page.of("p", id="rest")[0]
    heads = page.html.partition('<table id="table"')[2].partition("</thead>")[0]
    assert "<button" not in heads


def test_every_table_has_a_caption_and_heads_with_a_scope() -> None:
    page = page_of(ordinary(3))
    assert len(page.of("caption")) == len(page.of("table")) == 4
    assert all(head.get("scope") in ("col", "row") for head in page.of("th"))


# -- colours -------------------------------------------------------------------------------


def _luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_and_marks_stand_out_from_what_they_are_on(scheme: int) -> None:
    blocks = re.findall(r":root \{(.*?)\}", page_of([]).asset("style"), re.DOTALL)
    colours: dict[str, str] = {}
    for block in (blocks[0], blocks[scheme]):
        for name, value in re.findall(r"--(\w+): (#[0-9a-f]{3,6});", block):
            colours[name] = value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
    for ground in ("page", "panel", "sunk", "answer"):
        for text in ("text", "dim", "good", "bad", "warn", "accent"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert _contrast(colours["wait"], colours["panel"]) >= 3
    assert _contrast(colours["text"], colours["run"]) >= 3


def test_learners_of_the_same_name_keep_their_own_rows() -> None:
    twins = [a_result(structs.replace(a_learner(n), name="Kim Lee")) for n in (1, 2)]
    links = [a["href"] for a in page_of(twins).of("a") if "learners/" in str(a["href"])]
    assert len({*links}) == 2
