# fails: pool_created
# says: Process
from multiprocessing import Process


def square(n):
    print(n * n)


if __name__ == "__main__":
    processes = [Process(target=square, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
