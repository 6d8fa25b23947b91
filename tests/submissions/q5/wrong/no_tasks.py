# fails: work_in_workers
# says: task
from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(4) as pool:
        print("a pool of workers:", pool)
