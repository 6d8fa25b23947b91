"""Calls itself until the stack is used up, with Python's own guard out of the way."""
import sys

sys.setrecursionlimit(1 << 30)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def deeper(depth):
    return deeper(depth + 1)


deeper(0)
