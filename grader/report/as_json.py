"""Reports as JSON, and the JSON Schema that every such document keeps to."""

import json
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import Struct

from grader.mark import SCHEMA_VERSION, Report
from grader.report.neutral import HASHES
from grader.trace import Trace


def report_json(report: Report) -> str:
    """The report as one JSON document, indented by 2, whose keys are the records' fields.

    It is pure ASCII, so that no locale can break it, and holds nothing that a terminal or
    a CI job's log would obey: what a learner wrote is there in full, in JSON's escapes.
    """
    return record_json(report)


def trace_json(trace: Trace) -> str:
    """A trace alone as one JSON document: what a report has under the key `trace`."""
    return record_json(trace)


def record_json(record: Struct, *, indent: int | None = 2) -> str:
    """Any record as `report_json` writes a report; in one line where `indent` is None."""
    document = json.dumps(msgspec.to_builtins(record), indent=indent, allow_nan=False)
    return HASHES.sub(r"#\\u0023", document)


def schema(name: str = "schema.json") -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `report_json` writes, or another of the package."""
    from importlib.resources import files  # which takes longer to import than to show a report

    text = files("grader.report").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def derived_schema() -> dict[str, Any]:
    """The schema as it follows from the records; schema.json has to be equal to it."""
    return schema_of(Report, "Report of the multiprocessing exercise kit")


def schema_of(document: type[Struct], title: str) -> dict[str, Any]:
    """The schema (draft 2020-12) of a document that is one record with a field `schema`, which
    holds the version.

    Stricter than msgspec's own, which is for reading: a written document has every field
    of a record, and no other.
    """
    derived = msgspec.json.schema(document)
    for record in derived["$defs"].values():
        record["description"] = cleandoc(record["description"])
        record["required"] = list(record["properties"])
        record["additionalProperties"] = False
        for field in record["properties"].values():
            field.pop("default", None)
    derived["$defs"][document.__name__]["properties"]["schema"] = {"const": SCHEMA_VERSION}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **derived,
    }
