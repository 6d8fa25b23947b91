# fails: four_processes
# says: ProcessPoolExecutor
from concurrent.futures import ProcessPoolExecutor


def show(n):
    print(n)


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=4) as executor:
        list(executor.map(show, range(4)))
