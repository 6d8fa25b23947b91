# fails: ran_clean
# says: FileNotFoundError
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    with open("my_numbers_that_are_not_here.txt") as f:
        numbers = f.read().split()
    processes = [Process(target=show, args=(n,)) for n in numbers]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
