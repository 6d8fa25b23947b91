"""The templates of the pages, and the one way out of them."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from grader.report.neutral import neutral


def render(template: str, **values: Any) -> str:
    """A page. Every text in it has been neutralised and escaped, whoever wrote it."""
    return _template(template).render(**values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("grader.report.html"),
        autoescape=True,
        auto_reload=False,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    style, script = _asset("style.css"), _asset("table.js")
    environment.globals |= {
        "style": Markup(style),  # noqa: S704 -- a file of ours
        "style_hash": _hash(style),
        "script": Markup(script),  # noqa: S704
        "script_hash": _hash(script),
    }
    return environment.get_template(name)


def _shown(value: object) -> object:
    """What an expression of a template puts on the page, before it is escaped."""
    return neutral(value) if isinstance(value, str) and type(value) is not Markup else value


def _asset(name: str) -> str:
    return files("grader.report.html").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How a Content-Security-Policy names an inline style or script.

    "'self'" would say less: what it means for a file opened from disk differs by browser.
    """
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
