"""Importing what takes long, and no more of it than is needed."""

import sys


def import_msgspec() -> None:
    """Without typing_extensions, which msgspec asks for and does without (its _utils.py): that
    takes longer than all the rest.
    """
    if "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    try:
        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"]
