# start-method: fork
# fails: ran_clean
# says: SIGTERM
import os
import signal
from multiprocessing import Process


def show(n):
    print(n, flush=True)
    if n == 4:
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
