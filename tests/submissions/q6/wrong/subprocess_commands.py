# fails: four_processes
# says: subprocess
import subprocess
import sys

if __name__ == "__main__":
    commands = [
        subprocess.Popen([sys.executable, "-c", f"print({n})"]) for n in range(4)
    ]
    for command in commands:
        command.wait()
