# start-method: fork
# fails: ran_clean
# says: SIGKILL
import os
import signal
from multiprocessing import Process


def work():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    p.join()
