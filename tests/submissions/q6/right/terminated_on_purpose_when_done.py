import time
from multiprocessing import Barrier, Process


def show(n, printed):
    print(n, flush=True)
    printed.wait()
    time.sleep(30)


if __name__ == "__main__":
    printed = Barrier(5)
    processes = [Process(target=show, args=(n, printed)) for n in range(4)]
    for p in processes:
        p.start()
    printed.wait()
    for p in processes:
        p.terminate()
        p.join()
