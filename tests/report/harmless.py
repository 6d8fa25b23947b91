"""What must hold of everything that is shown, whatever a learner wrote."""

import re

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""What hides or reorders text: unseen signs, bidirectional ones, halves of a pair."""


def assert_harmless(shown: str, *, in_ascii: bool) -> None:
    """No control character, no way to steer a terminal or the log of a CI job."""
    lines = shown.split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.lstrip().startswith("::") for line in lines)
    assert not re.search(r"##\w*\[", shown)
    assert not UNSEEN.search(shown)
    assert shown.isascii() or not in_ascii
