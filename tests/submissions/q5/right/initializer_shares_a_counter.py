from multiprocessing import Pool, Value


def setup(shared):
    global counter
    counter = shared


def count(n):
    with counter.get_lock():
        counter.value += n


if __name__ == "__main__":
    counter = Value("i", 0)
    with Pool(2, setup, (counter,)) as pool:
        pool.map(count, range(10))
    print(counter.value)
