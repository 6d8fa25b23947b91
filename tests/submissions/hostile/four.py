"""A right answer to q6, for programs that want to do something else besides."""
from multiprocessing import Process


def show(number):
    print(number)


def four():
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
