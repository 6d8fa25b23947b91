import multiprocessing
import time


def work():
    time.sleep(0.1)


if __name__ == "__main__":
    multiprocessing.Process(target=work).start()
    while multiprocessing.active_children():
        time.sleep(0.02)
    print("no child is left")
