"""A right answer, and 200 processes, one after the other, that write 1 MiB each: it looks whether
its parent has grown by more than 100 MB of it."""
import os

from four import four


def memory(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    four()
    before = memory(os.getppid())
    for _ in range(200):
        if os.fork() == 0:
            for _ in range(16):
                os.write(1, b"x" * (64 << 10))
            os._exit(0)
        os.wait()
    if memory(os.getppid()) - before > 100 << 20:
        print("BREACH-7d1f: made its observer take", memory(os.getppid()) - before, "bytes")
