# start-method: fork
# fails: ran_clean
# says: PID
import os
import time
from multiprocessing import Process


def detach():
    pid = os.fork()
    if pid == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(30)
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    p = Process(target=detach)
    p.start()
    p.join()
