"""One's own pattern says who handed in what, or what it does not say."""

from pathlib import Path

import pytest

from grader.handed_in import Learner
from grader.load.collect import CollectError, collect
from tests.load.downloads import (
    Q6,
    contents,
    folder,
    one,
    taken,
    zipped,
)


def test_a_pattern_says_who_which_attempt_whether_late_and_which_file(tmp_path: Path) -> None:
    files = {
        "Lab6_jane_attempt_9_late_q6.py": "nine",
        "Lab6_jane_attempt_10_q6.py": "ten",
        "Lab6_bob_attempt_1_late_q5.py": "late",
        "Lab6_jane.txt": "",
    }
    path = folder(tmp_path, "class", files)
    pattern = r"Lab6_(?P<learner>\w+?)_attempt_(?P<attempt>\d+)_(?P<late>late_)?(?P<file>.*)"
    with collect([path], learner_pattern=pattern) as found:
        jane, bob = one(found, "jane"), one(found, "bob")
        assert contents(jane) == {"q6.py": "ten"}
        assert (jane.attempt, jane.attempts, jane.late) == (10, 10, False)
        assert contents(bob) == {"q5.py": "late"}
        assert bob.late
        assert found.remarks == (f"{path}: of no learner: Lab6_jane.txt.",)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"[^/]+/(?P<learner>[^/]+)/", {"jane": ["q6.py"]}),
        (r"class/[^/]+/(?P<learner>[^/]+)", {"jane": ["q6.py"]}),
        (r"[^/]+/(?P<learner>[^/]+)/q6", {"jane": ["q6.py"]}),
        (r"[^/]+/(?P<learner>[^/]+)/.*", {"jane": ["q6.py"]}),
        (r"(?P<rest>[^/]+)/(?P<learner>[^/]+)/q6", {"jane": ["a"]}),
    ],
)
def test_the_path_in_the_submission_is_what_follows_the_match(
    tmp_path: Path, pattern: str, expected: dict[str, list[str]]
) -> None:
    path = zipped(tmp_path, "class", {"class/a/jane/q6.py": Q6})
    assert taken(path, learner_pattern=pattern) == expected


def test_a_pattern_may_name_the_learner(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"s1 (Jane Doe).py": Q6, "s2 (Li Wei).py": Q6})
    with collect([path], learner_pattern=r"(?P<learner>s\d) \((?P<name>.*)\)") as found:
        assert [each.learner for each in found.handed_in] == [
            Learner(id="s1", name="Jane Doe"),
            Learner(id="s2", name="Li Wei"),
        ]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (
            "(?P<learner>",
            (
                "--learner-pattern '(?P<learner>' is no regular expression (missing ), "
                "unterminated subpattern at position 0): mend it, or leave it out."
            ),
        ),
        (
            r"(\w+)",
            (
                r"--learner-pattern '(\\w+)' does not say what names the learner: put that part "
                "into (?P<learner>...)."
            ),
        ),
        (
            "(?P<learner>a)(?P<who>b)",
            (
                "--learner-pattern '(?P<learner>a)(?P<who>b)' has a group 'who', which means "
                "nothing here: name it one of attempt, file, late, learner, name, rest."
            ),
        ),
        (
            "(?P<learner>nobody)",
            (
                "PATH: --learner-pattern '(?P<learner>nobody)' matches no path in it; it has "
                "a/jane/q6.py, b/jane/q6.py."
            ),
        ),
        (
            "./(?P<learner>[^/]+)/",
            (
                "PATH: a/jane/q6.py and b/jane/q6.py come out as the same file of one learner, "
                "jane: let (?P<learner>...) take in what tells two learners apart, or "
                "(?P<attempt>...) what tells two attempts apart."
            ),
        ),
    ],
)
def test_a_pattern_that_cannot_tell_is_refused_with_its_remedy(
    tmp_path: Path, pattern: str, message: str
) -> None:
    path = folder(tmp_path, "class", {"a/jane/q6.py": Q6, "b/jane/q6.py": Q6})
    with pytest.raises(CollectError) as caught:
        collect([path], learner_pattern=pattern)
    assert str(caught.value) == message.replace("PATH", str(path))
