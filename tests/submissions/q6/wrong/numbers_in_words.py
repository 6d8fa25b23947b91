# fails: distinct_numbers
# says: number
from multiprocessing import Process


def show(word):
    print(word)


if __name__ == "__main__":
    words = ("one", "two", "three", "four")
    processes = [Process(target=show, args=(word,)) for word in words]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
