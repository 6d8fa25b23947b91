from grader.handed_in import Learner, Submission
from grader.mark import CheckResult, CheckStatus, ExerciseReport, Status
from grader.report.as_json import schema, schema_of
from grader.report.class_text import class_text
from grader.report.lines import render
from grader.report.summary import BatchDocument, Finding, Reason, summarise
from grader.results import ExerciseResult, Result


def _result(name: str, status: Status, points: int, **checks: CheckStatus) -> Result:
    report = ExerciseReport(
        id="q6",
        title="Four processes",
        status=status,
        points=points,
        max_points=10,
        checks=tuple(
            CheckResult(id=id_, title=id_.title(), status=came, points=0, max_points=5, message="")
            for id_, came in checks.items()
        ),
    )
    return Result(
        learner=Learner(id=name),
        submission=Submission(place=name, digest=name),
        exercises=(ExerciseResult(id="q6", title="Four processes", report=report),),
    )


MISSING = Result(
    learner=Learner(id="dan"),
    submission=None,
    exercises=(ExerciseResult(id="q6", title="Four processes", report=None),),
)
CLASS = (
    _result("ada", "passed", 10, first="passed", second="passed"),
    _result("bob", "failed", 5, first="failed", second="skipped"),
    _result("cleo", "failed", 4, first="failed", second="failed"),
    MISSING,
)


def test_a_class_is_counted() -> None:
    summary = summarise(CLASS)
    assert (summary.learners, summary.handed_in) == (4, 3)
    assert summary.missing == (Learner(id="dan"),)
    (q6,) = summary.exercises
    assert q6.counts == {"passed": 1, "failed": 2, "missing": 1}
    assert summary.distribution == (0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1)


def test_findings_begin_with_the_most_frequent_and_count_whom_they_were_looked_at_in() -> None:
    assert summarise(CLASS).findings == (
        Finding("q6", "first", "First", 2, 3),
        Finding("q6", "second", "Second", 1, 2),
    )


def test_reasons_to_look_begin_with_the_rarest() -> None:
    from msgspec import structs

    ada = structs.replace(CLASS[0], notices=("words to be read", "odd"))
    bob = structs.replace(CLASS[1], notices=("words to be read",))
    assert summarise([ada, bob]).reasons == (
        Reason("odd", (Learner(id="ada"),)),
        Reason("words to be read", (Learner(id="ada"), Learner(id="bob"))),
    )


def test_a_reason_that_is_a_sentence_goes_on_with_who_it_is() -> None:
    from msgspec import structs

    ada = structs.replace(CLASS[0], notices=("a.zip cannot be read: hand in another.",))
    shown = render(class_text(summarise([ada]), 80), colour=False)
    assert "  a.zip cannot be read: hand in another: ada\n" in f"{shown}\n"


def test_an_empty_class_is_one_too() -> None:
    shown = render(class_text(summarise([]), 80), colour=False)
    assert "0 learners, 0 handed in" in shown


def test_a_class_fits_into_its_columns_and_shows_nothing_that_a_terminal_obeys() -> None:
    from msgspec import structs

    hostile = structs.replace(
        CLASS[0], learner=Learner(id="x", name="\x1b[31m" + "n" * 300), notices=("::error::" * 9,)
    )
    for ascii_ in (False, True):
        shown = render(class_text(summarise([hostile, *CLASS]), 80, ascii=ascii_), colour=False)
        assert max(map(len, shown.splitlines())) <= 80
        assert "\x1b" not in shown
        assert "::" not in shown
        assert shown.isascii() or not ascii_


def test_what_a_batch_tells_in_json_has_a_schema() -> None:
    title = "What a batch of the multiprocessing exercise kit tells"
    assert schema("batch.schema.json") == schema_of(BatchDocument, title)
