"""Programs that are named one by one, as a shell does for `submissions/*.py`."""

from collections.abc import Sequence
from pathlib import Path

from grader.load.content import LARGEST_NOTEBOOK, UnreadableError, content
from grader.load.members import Member, MemberError, Tree


class LooseTree(Tree):
    """Some files of one folder."""

    def __init__(self, folder: Path, files: Sequence[Path]) -> None:
        self.name = folder.resolve().name
        self._folder = folder
        states = [(file.name, file.stat()) for file in files]
        self.members = tuple(Member(name, st.st_size, st.st_mtime) for name, st in states)

    def _read(self, member: Member) -> bytes:
        try:
            return content(self._folder / member.path, LARGEST_NOTEBOOK)
        except UnreadableError as error:
            raise MemberError(f"cannot be read ({error})") from error

    def close(self) -> None:
        """Nothing is open."""
