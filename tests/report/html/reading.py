"""Reading pages as a browser does, without one."""

from html.parser import HTMLParser
from pathlib import Path

BLOCKS = {"h1", "h2", "h3", "p", "div", "pre", "li", "dt", "dd", "th", "td", "caption", "summary"}
VOID = {"meta", "input", "img", "br", "hr", "link"}


class Page(HTMLParser):
    """What stands on a page: its tags with their attributes, and the text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.unbalanced: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += "\n" * (tag in BLOCKS)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.text += "\n" * (tag in BLOCKS)
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & {*self._open}:
            self.text += data

    def all(self, attribute: str) -> list[str]:
        """The values of an attribute, of all tags that have it."""
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]

    def of(self, tag: str, **wanted: str | None) -> list[dict[str, str | None]]:
        """The attributes of all tags of a name that have these."""
        found = (attrs for name, attrs in self.tags if name == tag)
        return [a for a in found if all(a.get(k.strip("_")) == v for k, v in wanted.items())]

    @property
    def words(self) -> str:
        """All text, with single spaces and the typewriter's apostrophe and dash."""
        plain = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{EN DASH}": "-"})
        return " ".join(self.text.translate(plain).split())

    def asset(self, tag: str) -> str:
        """What stands in the style or the script of the page."""
        return self.html.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


def read(path: Path) -> Page:
    """A page on the disk."""
    return Page(path.read_text(encoding="utf-8"))
