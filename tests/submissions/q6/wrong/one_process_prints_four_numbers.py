# fails: four_processes
# says: process
from multiprocessing import Process


def show_all():
    for n in range(1, 5):
        print(n)


if __name__ == "__main__":
    p = Process(target=show_all)
    p.start()
    p.join()
