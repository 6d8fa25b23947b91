# fails: four_processes
# says: run()
# says: start()
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(4):
        p = Process(target=show, args=(n,))
        p.run()
