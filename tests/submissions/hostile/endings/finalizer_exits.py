"""A right answer, and an object that ends the program with code 7 when it is thrown away."""
import os

from four import four


class Last:
    def __del__(self):
        os._exit(7)


if __name__ == "__main__":
    four()
    last = Last()
    del last
