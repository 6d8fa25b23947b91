# fails: four_processes
# says: thread
import threading


def show(n):
    print(n)


if __name__ == "__main__":
    threads = [threading.Thread(target=show, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
