# fails: distinct_pids
# says: idle
from multiprocessing import Process


def show(*numbers):
    for n in numbers:
        print(n)


if __name__ == "__main__":
    processes = [
        Process(target=show, args=(1, 2)),
        Process(target=show, args=(3,)),
        Process(target=show, args=(4,)),
        Process(target=show, name="idle"),
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
