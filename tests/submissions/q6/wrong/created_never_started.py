# fails: four_processes
# says: start()
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(4)]
    print(processes)
