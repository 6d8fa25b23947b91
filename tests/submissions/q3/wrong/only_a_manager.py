# fails: process_started
# says: process
from multiprocessing import Manager

if __name__ == "__main__":
    with Manager() as manager:
        numbers = manager.list([1, 2, 3])
        print(sum(numbers))
