# fails: joined
# says: join()
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        Process(target=show, args=(n,)).start()
