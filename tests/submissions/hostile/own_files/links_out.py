"""A right answer, and links from its folder to files outside of it, through which it writes."""
import os
from pathlib import Path

from four import four

if __name__ == "__main__":
    for place in (Path.home() / "secret.txt", "/etc/passwd", os.path.realpath(os.__file__)):
        for link in (os.symlink, os.link):
            try:
                link(place, "linked")
                with open("linked", "r+") as file:
                    file.read(1)
                print("BREACH-7d1f: could change", place)
            except OSError as error:
                print("REFUSED", error.strerror)
            finally:
                try:
                    os.unlink("linked")
                except OSError:
                    pass
    four()
