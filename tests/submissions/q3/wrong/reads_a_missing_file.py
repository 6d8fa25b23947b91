# fails: ran_clean
# says: FileNotFoundError
from multiprocessing import Process


def count_lines():
    with open("my_notes_that_are_not_here.txt") as f:
        print(len(f.readlines()))


if __name__ == "__main__":
    p = Process(target=count_lines)
    p.start()
    p.join()
