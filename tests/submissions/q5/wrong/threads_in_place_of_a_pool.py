# fails: pool_created
# says: thread
from threading import Thread


def square(n):
    print(n * n)


if __name__ == "__main__":
    threads = [Thread(target=square, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
