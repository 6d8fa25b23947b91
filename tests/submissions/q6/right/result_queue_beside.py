from multiprocessing import Process, Queue


def show(n, results):
    print("number", n)
    results.put(n * n)


if __name__ == "__main__":
    results = Queue()
    processes = [Process(target=show, args=(n, results)) for n in range(1, 5)]
    for p in processes:
        p.start()
    print("squares:", sorted(results.get() for _ in processes))
    for p in processes:
        p.join()
