"""A right answer, and a command that looks like multiprocessing's own helper, and stays."""
import subprocess
import sys

from four import four

HELPER = "import time; time.sleep(60)  # from multiprocessing.resource_tracker import main"

if __name__ == "__main__":
    four()
    subprocess.Popen([sys.executable, "-c", HELPER], start_new_session=True)
