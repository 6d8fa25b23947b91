# fails: work_in_workers
# says: lambda
from multiprocessing import Pool

if __name__ == "__main__":
    pool = Pool(2)
    for n in range(3):
        pool.apply_async(lambda: print(n))
    pool.close()
    pool.join()
