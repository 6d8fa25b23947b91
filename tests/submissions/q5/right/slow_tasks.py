import time
from multiprocessing import Pool


def fetch(page):
    time.sleep(0.1)
    return f"page {page}"


if __name__ == "__main__":
    with Pool(4) as pool:
        print(pool.map(fetch, range(4)))
