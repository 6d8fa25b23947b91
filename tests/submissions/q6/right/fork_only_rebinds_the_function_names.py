# start-method: fork
import multiprocessing


def process_1():
    print("number 1")


def process_2():
    print("number 2")


def process_3():
    print("number 3")


def process_4():
    print("number 4")


if __name__ == "__main__":
    process_1 = multiprocessing.Process(target=process_1)
    process_2 = multiprocessing.Process(target=process_2)
    process_3 = multiprocessing.Process(target=process_3)
    process_4 = multiprocessing.Process(target=process_4)
    for p in (process_1, process_2, process_3, process_4):
        p.start()
    for p in (process_1, process_2, process_3, process_4):
        p.join()
