"""Four processes that each print their number, and then 2 MiB more."""
from multiprocessing import Process


def show(number):
    print(number)
    for _ in range(32):
        print("x" * (64 << 10))


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
