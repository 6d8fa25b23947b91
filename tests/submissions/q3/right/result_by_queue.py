from multiprocessing import Process, Queue


def square(n, q):
    q.put(n * n)


if __name__ == "__main__":
    q = Queue()
    p = Process(target=square, args=(12, q))
    p.start()
    print("result:", q.get())
    p.join()
