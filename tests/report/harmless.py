"""What must hold of everything that is shown, whatever a learner wrote."""


def assert_harmless(shown: str, *, in_ascii: bool) -> None:
    """No control character, no way to steer a terminal or the log of a CI job."""
    lines = shown.split("\n")
    assert all(line.isprintable() for line in lines)
    assert not any(line.lstrip().startswith("::") for line in lines)
    assert "##[" not in shown
    assert shown.isascii() or not in_ascii
