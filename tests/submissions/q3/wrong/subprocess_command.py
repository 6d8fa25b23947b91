# fails: process_started
# says: subprocess
import subprocess
import sys

if __name__ == "__main__":
    subprocess.run([sys.executable, "-c", "print('hello')"])
