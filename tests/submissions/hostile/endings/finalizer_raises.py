"""A right answer, and objects that raise when they are thrown away, which nothing comes of."""
from four import four


class Last:
    def __del__(self):
        raise ValueError("nobody hears this")


if __name__ == "__main__":
    kept = [Last() for _ in range(100)]
    four()
