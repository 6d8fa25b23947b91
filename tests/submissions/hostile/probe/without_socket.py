"""Four processes, after the probe's socket was removed."""
import os

from four import four

if __name__ == "__main__":
    path = os.environ.get("GRADER_PROBE", "").partition(":")[2]
    try:
        os.unlink(path)
    except OSError as error:
        print("REFUSED", error.strerror)
    four()
