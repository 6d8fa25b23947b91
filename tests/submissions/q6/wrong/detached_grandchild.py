# start-method: fork
# fails: ran_clean
# says: PID
import os
import time
from multiprocessing import Process


def show(n):
    print(n, flush=True)
    if n == 4:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(30)
            os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
