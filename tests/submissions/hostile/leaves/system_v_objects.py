"""A right answer, and shared memory, semaphores and a message queue of System V, if it may."""
import ctypes

from four import four

IPC_CREAT = 0o1000

if __name__ == "__main__":
    libc = ctypes.CDLL(None)
    made = [
        libc.shmget(0, 4096, IPC_CREAT | 0o600),
        libc.semget(0, 1, IPC_CREAT | 0o600),
        libc.msgget(0, IPC_CREAT | 0o600),
    ]
    print("MADE" if max(made) >= 0 else "REFUSED")
    four()
