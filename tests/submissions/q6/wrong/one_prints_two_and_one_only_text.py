# fails: distinct_numbers
# says: talker
from multiprocessing import Process


def show(*words):
    for word in words:
        print(word)


if __name__ == "__main__":
    processes = [
        Process(target=show, args=(1, 2)),
        Process(target=show, args=(3,)),
        Process(target=show, args=(4,)),
        Process(target=show, args=("hello",), name="talker"),
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
