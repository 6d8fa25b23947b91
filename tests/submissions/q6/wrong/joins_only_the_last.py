# fails: joined
# says: last
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        p.start()
    p.join()
