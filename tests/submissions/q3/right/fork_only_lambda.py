# start-method: fork
from multiprocessing import Process

if __name__ == "__main__":
    p = Process(target=lambda: print("from a lambda"))
    p.start()
    p.join()
