# fails: ran_clean
# says: SyntaxError
from multiprocessing import Process


def greet()
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    p.join()
