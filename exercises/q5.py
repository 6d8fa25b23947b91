"""Q5. How can we create a pool of worker processes in Python using the multiprocessing
module?

Wanted: a program that creates a pool of at least two worker processes, gives it some
tasks of yours, collects the results, and shuts the pool down.

Checked, by watching which processes really run:
    ran_clean        the program and its processes end by themselves and without an error
    pool_created     a multiprocessing Pool of processes was created
    pool_size        it had at least two workers, as many as it was asked for
    work_in_workers  the workers ran your tasks, and no task's error went unnoticed
    pool_shut_down   the pool was shut down before the program's end, its work done

How to run the grader, from this folder or the one above it:
    grade q5
"""

# TODO: your program goes here


def main() -> None:
    """Create a pool, let it work, and show the results."""
    # TODO: your program goes here


if __name__ == "__main__":
    main()
