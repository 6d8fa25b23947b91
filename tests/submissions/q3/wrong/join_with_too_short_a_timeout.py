# fails: joined
# says: join
from multiprocessing import Event, Process


def answer(asked):
    asked.wait()
    print("42")


if __name__ == "__main__":
    asked = Event()
    p = Process(target=answer, args=(asked,))
    p.start()
    p.join(0.1)
    asked.set()
