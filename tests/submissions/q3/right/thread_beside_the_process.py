import threading
from multiprocessing import Process


def work(where):
    print("work in a", where)


if __name__ == "__main__":
    t = threading.Thread(target=work, args=("thread",))
    t.start()
    t.join()
    p = Process(target=work, args=("process",))
    p.start()
    p.join()
