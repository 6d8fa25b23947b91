from multiprocessing import Pool


def square(n):
    return n * n


class Workers:
    def __init__(self, size):
        self.pool = Pool(size)

    def run(self, numbers):
        return self.pool.map(square, numbers)

    def stop(self):
        self.pool.close()
        self.pool.join()


if __name__ == "__main__":
    workers = Workers(3)
    print(workers.run([1, 2, 3]))
    workers.stop()
