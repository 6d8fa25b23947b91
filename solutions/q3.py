"""Q3. Write a Python code to create a process using the multiprocessing module.

Wanted: a program that starts a process of its own, lets it do some work of yours, and
waits for it to end. What the work is, is up to you; it need not print anything.

Checked, by watching which processes really run:
    ran_clean        the program and its processes end by themselves and without an error
    process_started  a multiprocessing Process was started
    work_in_child    your work ran to its end in that process, not in the main program
    joined           the program waited for every process that it started

How to run the grader, from this folder or the one above it:
    grade q3
"""

### BEGIN SOLUTION
import os
from multiprocessing import Process


def greet(name: str) -> None:
    """Say hello from whichever process runs this."""
    print(f"Hello {name}, this is process {os.getpid()}")


### END SOLUTION


def main() -> None:
    """Create a process, start it, and wait for it."""
    ### BEGIN SOLUTION
    process = Process(target=greet, args=("learner",))
    process.start()
    process.join()
    ### END SOLUTION


if __name__ == "__main__":
    main()
