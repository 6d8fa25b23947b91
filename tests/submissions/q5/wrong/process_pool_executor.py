# fails: pool_created
# says: ProcessPoolExecutor
from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=4) as executor:
        print(list(executor.map(square, range(5))))
