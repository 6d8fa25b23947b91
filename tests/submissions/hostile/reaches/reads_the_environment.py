"""A right answer, and a look for secrets in the environment."""
import os

from four import four

if __name__ == "__main__":
    for name, value in os.environ.items():
        if "7d1f" in value:
            print("BREACH-7d1f: read", name)
    four()
