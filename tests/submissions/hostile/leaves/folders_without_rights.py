"""A right answer, and temporary folders that nobody may enter, one in the other."""
import os
import tempfile

from four import four

if __name__ == "__main__":
    four()
    folders = [tempfile.mkdtemp()]
    for _ in range(5):
        folders.append(tempfile.mkdtemp(dir=folders[-1]))
    for folder in reversed(folders):
        os.chmod(folder, 0)
