"""Small classes to grade."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from msgspec import Struct

from grader.batch.version import graded_by
from grader.batch.work import Graded, Task, ungraded
from grader.handed_in import HandedInFile, Learner, Submission
from grader.settings import Settings
from tests.conftest import ROOT

SETTINGS = Settings(portable=False, sandbox="off")

Q6 = (ROOT / "solutions" / "q6.py").read_bytes()
LOOP = b"for number in range(4):\n    print(number)\n"


class Given(Struct, frozen=True, kw_only=True):
    """A learner's submission that is there already, see grader.load.collect.HandedIn."""

    learner: Learner
    files: tuple[HandedInFile, ...]
    problems: tuple[str, ...] = ()

    def read(self) -> tuple[Submission, tuple[HandedInFile, ...]]:
        digest = sha256(repr(self.files).encode()).hexdigest()
        names = tuple(file.path for file in self.files)
        problems = self.problems
        found = Submission(place="here", digest=digest, files=names, problems=problems)
        return found, self.files


def given(id_: str, files: Mapping[str, bytes], **facts: tuple[str, ...]) -> Given:
    """What a learner of this id handed in."""
    taken = tuple(HandedInFile(path, data) for path, data in files.items())
    return Given(learner=Learner(id=id_, name=id_.title()), files=taken, **facts)


def task(learner: str, source: bytes = LOOP, ids: Iterable[str] = ("q6",)) -> Task:
    """The work on one learner's q6.py."""
    return Task(
        learner=learner,
        digest=sha256(source).hexdigest(),
        files=(HandedInFile("q6.py", source),),
        problems=(),
        ids=tuple(ids),
        settings=SETTINGS,
    )


def failed_by_the_kit(learner: str, why: str = "for a test") -> Graded:
    """A result that needs no program to be run."""
    return ungraded(task(learner), why)


BY = {"q6": graded_by("q6", SETTINGS)}
