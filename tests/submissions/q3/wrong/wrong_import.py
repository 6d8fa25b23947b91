# fails: ran_clean
# says: ImportError
from multiprocessing import process_maker


def greet():
    print("hello")


if __name__ == "__main__":
    p = process_maker(target=greet)
    p.start()
    p.join()
