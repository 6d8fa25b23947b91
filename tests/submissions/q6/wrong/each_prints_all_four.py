# fails: distinct_numbers
# says: number
from multiprocessing import Process


def show():
    for n in range(1, 5):
        print(n)


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
