# start-method: fork
# fails: process_started
# says: fork
import os


def greet():
    print("hello from", os.getpid(), flush=True)


if __name__ == "__main__":
    pid = os.fork()
    if pid == 0:
        greet()
        os._exit(0)
    os.waitpid(pid, 0)
