# fails: ran_clean
# says: IndexError
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    numbers = [1, 2, 3]
    processes = [Process(target=show, args=(numbers[i],)) for i in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
