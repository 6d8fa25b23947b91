"""Q6. Write a Python program to create 4 processes, each process should print a
different number using the multiprocessing module in Python.

Wanted: a program that starts exactly four processes of its own, each of which prints a
number that none of the others prints, and that waits for all four. Text around the
number is welcome.

Checked, by watching which processes really run:
    ran_clean         the program and its processes end by themselves and without an error
    four_processes    exactly four multiprocessing Processes were started
    distinct_pids     four different processes wrote output, none of them the main program
    distinct_numbers  each of the four printed a number that none of the others printed
    joined            the program waited for every process that it started

How to run the grader, from this folder or the one above it:
    grade q6
"""

# TODO: your program goes here


def main() -> None:
    """Create four processes, start them all, and only then wait for each."""
    # TODO: your program goes here


if __name__ == "__main__":
    main()
