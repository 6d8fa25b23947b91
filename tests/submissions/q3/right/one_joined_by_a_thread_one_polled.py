import threading
import time
from multiprocessing import Pipe, Process


def work(pipe):
    pipe.recv()


if __name__ == "__main__":
    ours, theirs = Pipe()
    slow = Process(target=work, args=(theirs,))
    quick = Process(target=print, args=("done",))
    slow.start()
    quick.start()
    thread = threading.Thread(target=slow.join)
    thread.start()
    while quick.is_alive():
        time.sleep(0.001)
    ours.send("go on")
    thread.join()
