# fails: ran_clean
# says: input()
from multiprocessing import Process


def greet():
    name = input("Your name: ")
    print("hello", name)


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    p.join()
