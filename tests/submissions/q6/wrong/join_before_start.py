# fails: ran_clean
# says: join()
# says: start()
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        p.join()
        p.start()
