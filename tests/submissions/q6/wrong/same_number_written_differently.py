# fails: distinct_numbers
# says: 7
from multiprocessing import Process


def show(text):
    print(text)


if __name__ == "__main__":
    texts = ("number 7", "7 is my number", "I print 7!", "here: 7")
    processes = [Process(target=show, args=(text,)) for text in texts]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
