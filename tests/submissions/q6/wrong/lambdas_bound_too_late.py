# start-method: fork
# fails: distinct_numbers
# says: 3
from multiprocessing import Process

if __name__ == "__main__":
    processes = [Process(target=lambda: print(n)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
