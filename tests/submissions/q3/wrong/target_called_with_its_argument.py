# fails: work_in_child
# says: target=
from multiprocessing import Process


def square(n):
    print(n * n)


if __name__ == "__main__":
    p = Process(target=square(5))
    p.start()
    p.join()
