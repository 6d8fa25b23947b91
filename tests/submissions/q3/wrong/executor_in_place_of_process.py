# fails: process_started
# says: ProcessPoolExecutor
from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


if __name__ == "__main__":
    with ProcessPoolExecutor() as executor:
        print(executor.submit(square, 5).result())
