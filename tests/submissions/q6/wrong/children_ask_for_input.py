# fails: ran_clean
# says: input()
from multiprocessing import Process


def show():
    print(input("Enter a number: "))


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
