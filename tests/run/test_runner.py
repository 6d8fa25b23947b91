"""What a run needs of the system, and what it says where that is missing."""

import pytest

from grader.run import RunError
from tests.conftest import Observe

SHORT_OF_PROCESSES = """
import errno, os
from multiprocessing import Process
def fork():
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
os.fork = fork
Process(target=print).start()
"""


def test_a_run_in_which_the_system_had_no_room_for_a_process_is_not_believed(
    observe: Observe,
) -> None:
    with pytest.raises(RunError, match="no room for another process"):
        observe(SHORT_OF_PROCESSES)


def test_a_start_that_failed_for_another_reason_is_the_programs_own(observe: Observe) -> None:
    trace = observe(SHORT_OF_PROCESSES.replace("errno.EAGAIN", "errno.EPERM"))
    assert trace.exit_code == 1
    assert trace.unstarted == ()
