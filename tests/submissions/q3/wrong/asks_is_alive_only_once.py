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
    print("alive:", p.is_alive())
    asked.set()
