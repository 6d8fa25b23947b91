# fails: distinct_pids
# says: print
from multiprocessing import Process, Queue


def send(n, q):
    q.put(n)


if __name__ == "__main__":
    q = Queue()
    processes = [Process(target=send, args=(n, q)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        print("number", q.get())
    for p in processes:
        p.join()
