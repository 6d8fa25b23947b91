"""A right answer; the other files bear the names of modules that the observer needs."""
from multiprocessing import Process


def show(number):
    print(number)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
