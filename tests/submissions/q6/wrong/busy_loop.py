# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Process


def count_down(n):
    while n != 0:
        n -= 2
    print(n)


if __name__ == "__main__":
    processes = [Process(target=count_down, args=(n,)) for n in (2, 4, 6, 7)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
