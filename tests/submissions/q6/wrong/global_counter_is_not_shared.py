# fails: distinct_numbers
# says: 1
from multiprocessing import Process

counter = 0


def show():
    global counter
    counter += 1
    print("number", counter)


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
