"""Takes the right to start processes from itself, and then tries to start some."""
import resource

from four import four

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    four()
