"""Grading a file that holds a whole assignment: a notebook, or a script of several answers."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from grader.checks import exercise, exercise_ids
from grader.checks.base import Exercise
from grader.choose import Choice, choose
from grader.handout import ANSWER_HERE
from grader.limits import WHOLE
from grader.load import is_blank_source
from grader.load.find import Claim, Found, find
from grader.load.headings import QUESTIONS, Question
from grader.load.notebook import read_notebook
from grader.load.parts import Part
from grader.load.script import read_script
from grader.mark import Answer, ExerciseReport, absent, mark, prose, ungradable
from grader.run.runner import RunError
from grader.runs import NotebookRuns, Parts, Runs, ScriptRuns, source_of
from grader.settings import Settings, other_methods
from grader.trace import Trace

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = ".ipynb"


class Graded(Struct, frozen=True, kw_only=True):
    """The reports on an assignment, by question; what gives the traces of an answer under the
    start methods of other systems, by method; and the outputs of each part, if the whole ran.
    """

    reports: dict[str, ExerciseReport]
    elsewhere: dict[str, Callable[[], dict[str, Trace]]]
    outputs: "dict[int, list[NotebookNode]]"
    parts: tuple[Part, ...]


def grade_assignment(
    path: Path, ids: Sequence[str], settings: Settings, *, whole: bool = False
) -> Graded:
    """Grade some questions of one file, each on its own.

    `whole` runs a notebook to its end, also where nothing that is asked for stands there.
    Raises BrokenNotebookError for a notebook that cannot be read.
    """
    parts = read_notebook(path) if path.suffix.lower() == NOTEBOOK else read_script(path)
    found = _named_by_the_file(path, parts, find(parts))
    wanted = [exercise(id_) for id_ in ids if id_ in exercise_ids()]
    runs = _runs(path, parts, settings)
    reports = {each.id: _prose(each, found, parts) for each in QUESTIONS if each.id in ids}
    outputs: dict[int, list[NotebookNode]] = {}
    chosen: dict[str, Choice | None] = {}
    try:
        if whole:
            outputs = runs.outputs()
        exercises = [exercise(id_) for id_ in exercise_ids()]
        judge = _Judge(runs, parts)
        patience = WHOLE * settings.limits.wall_time
        chosen = choose(exercises, [each.id for each in wanted], found, judge, patience)
        reports |= {each.id: _report(each, chosen[each.id], found, parts) for each in wanted}
    except RunError as error:
        reports |= {each.id: ungradable(each, str(error)) for each in wanted}
    return Graded(
        reports={id_: reports[id_] for id_ in ids},
        elsewhere={
            id_: partial(_elsewhere, choice, runs)
            for id_, choice in chosen.items()
            if choice is not None
        },
        outputs=outputs,
        parts=parts,
    )


def _runs(path: Path, parts: Sequence[Part], settings: Settings) -> Runs:
    if path.suffix.lower() == NOTEBOOK:
        return NotebookRuns(path, parts, settings)
    return ScriptRuns(path, parts, settings)


def _named_by_the_file(path: Path, parts: Sequence[Part], found: Found) -> Found:
    """What a file such as q6.ipynb is about, if nothing in it says so."""
    id_ = path.stem.lower()
    if id_ not in exercise_ids() or any(found.claims.values()):
        return found
    claim = Claim(
        question=id_,
        belief="number",
        heading=None,
        heading_text="",
        code=found.unclaimed,
        prose=tuple(p.index for p in parts if p.index not in found.unclaimed),
        text_code=(),
        why=f"the file is called {path.name}",
    )
    return Found({**found.claims, id_: (claim,)}, ())


class _Judge:
    """Marks parts of the file by what they did when it was run."""

    def __init__(self, runs: Runs, parts: Sequence[Part]) -> None:
        self._runs = runs
        self._parts = parts

    def __call__(
        self, exercise: Exercise, together: Parts, parts: Parts, *, again: bool
    ) -> ExerciseReport | None:
        if all(is_blank_source(source_of(self._parts[place])) for place in parts):
            return None
        trace = self._runs.in_order(parts)
        report = mark(trace, exercise) if trace else None
        if report is not None and (report.status == "passed" or not again):
            return report
        if report is None and not again and isinstance(self._runs, NotebookRuns):
            return None
        trace = self._runs.alone(together, parts)
        if trace is None:
            return report
        second = mark(trace, exercise)
        if report is None or second.points > report.points:
            return structs.replace(second, note=_second_try(report))
        return report


def _second_try(first: ExerciseReport | None) -> str:
    """What to know of an answer that does better without the rest of the notebook."""
    if first is None:
        return ""
    failed = next(check for check in first.checks if check.status == "failed")
    return (
        "Graded by itself, since it does less well after the cells above it. "
        f"There: {failed.message}"
    )


def _report(
    asked: Exercise, choice: Choice | None, found: Found, parts: Sequence[Part]
) -> ExerciseReport:
    if choice is None:
        return absent(asked, _why_absent(asked, found))
    words = [parts[place] for place in choice.parts if parts[place].type != "code"]
    notes = [choice.report.note]
    if words:
        kind = "Markdown" if words[0].type == "markdown" else "raw"
        notes.append(f"The code was found in a {kind} cell, and is graded as code.")
    return structs.replace(
        choice.report,
        note=" ".join(note for note in notes if note),
        answer=_answer(choice, parts),
    )


def _why_absent(asked: Exercise, found: Found) -> str:
    claims = found.claims.get(asked.id, ())
    if not claims:
        return f"No answer to {asked.id} was found: put its code under a heading {_HEADING}."
    if claims[0].code:
        return "The code of the answer is not written yet."
    return f"There is no code for it: {claims[0].why}."


_HEADING = 'that begins with its number, as in "Q6."'


def _answer(choice: Choice, parts: Sequence[Part]) -> Answer:
    taken = [parts[place] for place in choice.parts]
    if not taken[0].in_script:
        cells = tuple(dict.fromkeys(part.cell for part in taken))
        return Answer(cells=cells, belief=choice.belief, why=choice.why)
    last = taken[-1].line + taken[-1].source.rstrip().count("\n")
    return Answer(lines=(taken[0].line, last), belief=choice.belief, why=choice.why)


def _elsewhere(choice: Choice, runs: Runs) -> dict[str, Trace]:
    """The traces of an answer as on systems with other start methods, if it passed.

    Raises RunError.
    """
    traces = {
        method: runs.elsewhere(choice.together, choice.parts, method)
        for method in other_methods(choice.report)
    }
    return {method: trace for method, trace in traces.items() if trace is not None}


def _prose(question: Question, found: Found, parts: Sequence[Part]) -> ExerciseReport:
    """The report of a question in words: that somebody has to read the answer."""
    for claim in found.claims.get(question.id, ()):
        places = list(claim.prose)
        if claim.belief == "number" and claim.heading is not None:
            # "1. Multiprocessing is ..." is heading and answer in one.
            places = sorted({claim.heading, *places})
        words = [parts[place] for place in places]
        said = " ".join(_said(part, question) for part in words).split()
        taken = [*words, *(parts[place] for place in claim.code)]
        if len(said) > _HEADING_WORDS or claim.code:
            cells = tuple(sorted({part.cell for part in taken}))
            lines = (taken[0].line, taken[-1].line) if taken[0].in_script else None
            why = f'it stands under "{claim.heading_text}"' if claim.heading_text else claim.why
            answer = Answer(
                cells=() if lines else cells, lines=lines, belief=claim.belief, why=why
            )
            excerpt = " ".join(said[:_EXCERPT]) + (" ..." if len(said) > _EXCERPT else "")
            note = f'Answered in {len(said)} words: "{excerpt}"'
            return prose(question.id, question.text, "manual", note, answer)
    note = "No answer in words was found."
    return prose(question.id, question.text, "absent", note, None)


def _said(part: Part, question: Question) -> str:
    """What stands there beyond the question itself."""
    asked = re.compile(re.escape(question.text), re.IGNORECASE)
    return asked.sub("", part.source.replace(ANSWER_HERE, ""))


_HEADING_WORDS = 3
"""What is left of a heading without the question: "# Q1."."""

_EXCERPT = 20
"""Words of an answer that a report quotes."""
