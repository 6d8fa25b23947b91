"""A right answer, and an attempt to write into every folder that Python imports from, and
beside its own file's folder. What it could write it removes again."""
import importlib.util
import os
import sys
import sysconfig
from pathlib import Path

from four import four


def places():
    yield from filter(None, sys.path)
    yield from sysconfig.get_paths().values()
    for name in ("grader", "grader_probe", "msgspec", "multiprocessing", "four"):
        spec = importlib.util.find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            yield place
    yield from ("/etc", "/usr/local/bin", "/", Path.home() / "..", "/var/tmp/..", "/proc/sys/kernel")


if __name__ == "__main__":
    here = os.path.realpath(".")
    for place in sorted({os.path.realpath(place) for place in places()} - {here}):
        path = Path(place, f"hostile-{os.getpid()}")
        try:
            path.write_text("was here")
            path.unlink()
        except OSError as error:
            print("REFUSED", place, error.strerror)
        else:
            print("BREACH-7d1f: wrote into", place)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and os.path.dirname(os.path.realpath(file)) != here:
            try:
                open(file, "r+b").close()
                print("BREACH-7d1f: could change", file)
            except OSError:
                pass
    four()
