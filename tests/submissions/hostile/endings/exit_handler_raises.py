"""A right answer, and an exit handler that raises, which leaves the exit code at 0."""
import atexit

from four import four


def refuse():
    raise ValueError("too late")


if __name__ == "__main__":
    atexit.register(refuse)
    four()
