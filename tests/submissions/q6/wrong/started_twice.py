# fails: ran_clean
# says: AssertionError
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    p = Process(target=show, args=(1,))
    for n in range(1, 5):
        p.start()
    p.join()
