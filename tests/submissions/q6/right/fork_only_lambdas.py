# start-method: fork
from multiprocessing import Process

if __name__ == "__main__":
    processes = []
    for n in range(4):
        p = Process(target=lambda: print("number", n))
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
