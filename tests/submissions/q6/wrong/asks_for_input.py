# fails: ran_clean
# says: input()
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = []
    for i in range(4):
        n = int(input("Enter a number: "))
        processes.append(Process(target=show, args=(n,)))
    for p in processes:
        p.start()
    for p in processes:
        p.join()
