"""Who handed in what: the records between what lies in a download and what is graded."""

from msgspec import Struct

GRADEBOOK = "gradebook.sqlite"
"""The file that a batch keeps its results in. The folder that it lies in is nobody's work."""


class Learner(Struct, frozen=True, kw_only=True):
    """One learner. `id` is unique in a class: what a layout or a roster tells people apart by.

    `ids` are the names that other systems have for the same one, such as
    {"canvas": "4711", "moodle": "Participant 4711", "sis": "s123"}.
    """

    id: str
    name: str = ""
    email: str = ""
    ids: dict[str, str] = {}

    @property
    def shown(self) -> str:
        """What to call them where people read it."""
        return self.name or self.id


class HandedInFile(Struct, frozen=True):
    """One file of a submission: its path there, with / between the parts, and its bytes."""

    path: str
    data: bytes


class Submission(Struct, frozen=True, kw_only=True):
    """What one learner handed in, as far as it counts.

    `place` is where it was found, for people. `digest` is a hash of the paths and bytes of
    its files. Of `attempts` the one numbered `attempt`, from 1, counts. `handed_in` is when, in
    ISO 8601, "" where nothing says so. `problems` are findings about what could not be read;
    `files` the paths of what could.
    """

    place: str
    digest: str
    attempt: int = 1
    attempts: int = 1
    late: bool = False
    handed_in: str = ""
    problems: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
