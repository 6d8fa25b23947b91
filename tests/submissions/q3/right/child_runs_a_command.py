import subprocess
import sys
from multiprocessing import Process


def run_command():
    subprocess.run([sys.executable, "-c", "print('a command in a child')"], check=True)


if __name__ == "__main__":
    p = Process(target=run_command)
    p.start()
    p.join()
