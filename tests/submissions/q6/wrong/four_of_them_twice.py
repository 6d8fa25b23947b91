# fails: four_processes
# says: 8
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        p.start()
        p.join()
    for n in range(11, 15):
        p = Process(target=show, args=(n,))
        p.start()
        p.join()
