from multiprocessing import Manager, Pool


def put_square(n, queue):
    queue.put(n * n)


if __name__ == "__main__":
    with Manager() as manager:
        queue = manager.Queue()
        with Pool(2) as pool:
            pool.starmap(put_square, [(n, queue) for n in range(4)])
        print(sorted(queue.get() for _ in range(4)))
