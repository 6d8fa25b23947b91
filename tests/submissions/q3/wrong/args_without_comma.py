# fails: ran_clean
# says: args
from multiprocessing import Process


def square(n):
    print(n * n)


if __name__ == "__main__":
    p = Process(target=square, args=(5))
    p.start()
    p.join()
