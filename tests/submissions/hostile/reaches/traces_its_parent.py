"""A right answer, and three ways to look into its parent's memory."""
import ctypes
import os

from four import four

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
libc = ctypes.CDLL(None)

if __name__ == "__main__":
    parent = os.getppid()
    if libc.ptrace(PTRACE_ATTACH, parent, None, None) == 0:
        os.waitpid(parent, 0x40000000)
        libc.ptrace(PTRACE_DETACH, parent, None, None)
        print("BREACH-7d1f: traced its parent")
    for name in ("mem", "environ", "maps", "fd/0", "root/etc/passwd", "cwd/q6.py"):
        try:
            with open(f"/proc/{parent}/{name}", "rb") as file:
                if name == "mem" or file.read(1):
                    print(f"BREACH-7d1f: opened {name} of its parent")
        except OSError as error:
            print("REFUSED", name, error.strerror)
    four()
