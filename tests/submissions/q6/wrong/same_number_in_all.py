# fails: distinct_numbers
# says: 42
from multiprocessing import Process


def show():
    print("number", 42)


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
