# fails: four_processes
# says: process
from multiprocessing import Process


def show(n):
    print(n)


def main():
    for n in range(4):
        p = Process(target=show, args=(n,))
        p.start()
        p.join()
