# fails: process_started
# says: process
from multiprocessing import Process


def greet():
    print("hello")


def main():
    p = Process(target=greet)
    p.start()
    p.join()
