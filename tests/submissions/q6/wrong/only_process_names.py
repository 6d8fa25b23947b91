# fails: distinct_numbers
# says: name
from multiprocessing import Process, current_process


def show():
    print("I am", current_process().name)


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
