# fails: process_started
# says: thread
import threading


def greet():
    print("hello")


if __name__ == "__main__":
    t = threading.Thread(target=greet)
    t.start()
    t.join()
