"""Text that a learner wrote, made harmless to show.

What a program prints, and how it names its processes, is shown on an instructor's
terminal and in the log of a CI job. Neither may be steered by it.
"""

import re

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d159\U000e0100-\U000e01ef]"
)
"""What Python calls printable, and nobody sees: fillers, a joiner, blank signs (Unicode's
Default_Ignorable_Code_Point, and two more). The selectors of a variation turn a narrow character
into a wide one in some terminals only.
"""

HASHES = re.compile(r"##(?=\w*\[)")
"""How the runners of GitHub and Azure know a command anywhere in a line: `##[`, `##vso[`."""

_COMMANDS = re.compile(rf":{{3,}}|(?<!\S)::|{HASHES.pattern}")
"""What these may take for a command: that, and `::` after any indentation (actions/runner,
src/Runner.Common/ActionCommand.cs). Longer runs of colons go too, so that no place to break
a line at leaves `::` at the start of the next.
"""


def neutral(text: str, *, ascii: bool = False) -> str:  # noqa: A002
    """The text with everything that is not plainly printable as a visible escape.

    That is control characters (and so terminal escapes and newlines), invisible and
    bidirectional formatting, unassigned code points and the workflow commands of CI;
    with `ascii`, also everything beyond ASCII. Neutral text stays as it is.

    Whatever shows text of others, shows it through this. What keeps it keeps it as it was.
    """
    if not text.isprintable() or not text.isascii():
        text = "".join(c if _is_plain(c, ascii_only=ascii) else _escape(c) for c in text)
    if "::" in text or "##" in text:  # without which there is no command
        text = _COMMANDS.sub(_break_command, text)
    return text


def _is_plain(character: str, *, ascii_only: bool) -> bool:
    if ascii_only and not character.isascii():
        return False
    return character.isprintable() and not _UNSEEN.match(character)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _break_command(command: re.Match[str]) -> str:
    found = command[0]
    if found == "##":
        return r"#\x23"
    return r"\x3a:" if found == "::" else r"\x3a" * len(found)
