"""What an answer gets of the rest of its file so that it runs by itself."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from grader.load.needs import needed

USE = "multiprocessing.Process(target=work).start()\n"


def test_the_closest_earlier_import_and_function_are_taken() -> None:
    before = [
        "import multiprocessing\n",
        "def work():\n    print(1)\n",
        "def work():\n    print(2)\n",
    ]
    assert needed(USE, before, []) == "import multiprocessing\ndef work():\n    print(2)\n"


def test_what_only_comes_later_is_taken_from_there() -> None:
    after = ["import multiprocessing as mp\n", "import multiprocessing\n", "def work(): pass\n"]
    assert needed(USE, [], after) == "import multiprocessing\ndef work(): pass\n"


def test_an_import_that_the_answer_itself_has_too_late_is_fetched_from_elsewhere() -> None:
    source = "multiprocessing.cpu_count()\nimport multiprocessing\n"
    assert needed(source, ["import multiprocessing"], []) == "import multiprocessing\n"
    assert needed(source, [], []) == ""


def test_what_is_needed_brings_what_it_needs_itself() -> None:
    before = [
        "import math\nfrom time import sleep\n",
        "SIZE = 3\nlimit = SIZE + 1\n",
        "def root(n):\n    return math.sqrt(n) + limit\n",
    ]
    done = needed("print(root(4))", before, [])
    assert done == "import math\n" + before[1] + before[2]
    exec(compile(ast.parse(done + "root(4)"), "done", "exec"), {})


def test_functions_that_call_each_other_are_both_taken() -> None:
    before = ["def odd(n):\n    return even(n)\n\ndef even(n):\n    return odd(n)\n"]
    done = needed("odd(1)", before, [])
    assert done.count("def odd") == done.count("def even") == 1


def test_names_of_the_answer_and_builtins_are_not_needed() -> None:
    before = ["list = [1]\nsum = 0\ni = 5\nk = 3\ndef work(): pass\n"]
    source = (
        "def work(k):\n    return sum(list(range(k)))\n"
        "class Run:\n    def go(self):\n        return [i for i in self.all]\n"
        "for i in range(3):\n    work(i)\n"
    )
    assert needed(source, before, []) == ""


def test_a_global_that_a_function_assigns_is_the_answers_own() -> None:
    source = "def fill():\n    global data\n    data = 1\nfill()\nprint(data)\n"
    assert needed(source, ["data = 5"], []) == ""


def test_nothing_is_taken_that_starts_processes() -> None:
    for value in (
        "Pool(4).map(abs, [1])",
        "multiprocessing.Manager().list()",
        "subprocess.run(['ls'])",
        "make()",
        "input()",
    ):
        other = (
            "import multiprocessing, subprocess\nfrom multiprocessing import Pool\n"
            "def make():\n    return Pool(2)\n"
            f"numbers = {value}\n"
        )
        assert needed("print(numbers)", [other], []) == ""
        assert needed("print(numbers)", ["numbers = [1]\n", other], []) == "numbers = [1]\n"


def test_nothing_is_taken_that_cannot_run_itself() -> None:
    assert (
        needed("print(first)", ["with Pool() as p:\n    r = p.map(f, x)\nfirst = r[0]\n"], [])
        == ""
    )


def test_a_harmless_value_is_taken_with_its_import() -> None:
    before = ["import multiprocessing as mp\nlock = mp.Lock()\nnumbers = list(range(4))\n"]
    done = needed("use(lock, numbers)", before, [])
    assert done == "import multiprocessing as mp\nlock = mp.Lock()\nnumbers = list(range(4))\n"


def test_a_star_import_is_taken_for_names_that_nothing_else_explains() -> None:
    before = ["from multiprocessing import *\nimport os\n"]
    assert needed("Process(target=print).start()", before, []) == "from multiprocessing import *\n"
    assert needed("print(1)", before, []) == ""


def test_bodies_of_try_and_of_the_main_guard_are_searched() -> None:
    before = [
        "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n",
        "if __name__ == '__main__':\n    size = 3\n    print(size)\n",
    ]
    done = needed("pickle.dumps(size)", before, [])
    assert done == before[0] + "size = 3\n"


def test_decorators_belong_to_their_function() -> None:
    before = ["import functools\n", "@functools.cache\ndef work():\n    return 1\n"]
    assert needed("work()", before, []) == "".join(before)


def test_notebook_syntax_and_broken_parts_do_no_harm() -> None:
    before = [
        "%matplotlib inline\nimport os\n",
        "!pip install it\nfiles = !ls\ndef work():\n    return os\n",
        " import sys\n x = 1\n",
        "this is prose, and no Python",
        "%%bash\nimport nothing\n",
        "os?",
    ]
    done = needed("%time work()\nsys.exit(x)", before, [])
    assert done == "import os\ndef work():\n    return os\nimport sys\nx = 1\n"
    assert needed("def broken(:", before, []) == ""


@given(st.lists(st.sampled_from("ab=():\n\t '\"%!?#@*0,.é\0"), max_size=60).map("".join))
def test_any_text_at_all_can_be_asked_about(text: str) -> None:
    needed(text, [text, "a = b"], ["b = a", text])
