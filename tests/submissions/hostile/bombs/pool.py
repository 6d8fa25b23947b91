"""A pool of 300 workers."""
import time
from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(300) as pool:
        pool.map(time.sleep, [60] * 300)
