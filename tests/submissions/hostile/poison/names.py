r"""Four processes whose names and functions would steer terminals and CI; none is joined."""
from multiprocessing import Process

POISON = "\x1b[2J\x1b]0;owned\x07\n::error::owned\n##[error]owned<script>\u202e\0\udcff"


def show(number):
    print(number)


show.__qualname__ = POISON

if __name__ == "__main__":
    for number in range(1, 5):
        Process(target=show, args=(number,), name=POISON + "x" * 100_000).start()
