"""What of a class a person should look at, and why."""

from grader.mark import ExerciseReport


def notices_of(report: ExerciseReport) -> tuple[str, ...]:
    """Why a person should look at the report of one exercise: one line each."""
    found: list[str] = []
    if report.status == "error":
        found.append(f"{report.id} could not be graded: {report.note}")
    if report.status == "manual":
        found.append(f"{report.id} is answered in words, to be read and marked")
    if report.trace is not None and report.trace.stopped_by == "observer ended":
        found.append(f"{report.id} put an end to what observed it")
    elif report.trace is not None and report.trace.ignored_records:
        found.append(f"{report.id} made reports that the kernel contradicts")
    return tuple(found)
