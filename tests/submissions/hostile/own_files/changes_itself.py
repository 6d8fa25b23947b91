"""A right answer, after which the program writes another one over its own file."""
from four import four

if __name__ == "__main__":
    four()
    with open(__file__, "w") as file:
        file.write("raise SystemExit('changed')\n")
