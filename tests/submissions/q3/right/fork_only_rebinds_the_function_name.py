# start-method: fork
import multiprocessing


def process_1():
    print("first")


if __name__ == "__main__":
    process_1 = multiprocessing.Process(target=process_1)
    process_1.start()
    process_1.join()
