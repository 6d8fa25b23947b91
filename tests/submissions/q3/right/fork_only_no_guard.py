# start-method: fork
from multiprocessing import Process


def greet():
    print("no guard here")


p = Process(target=greet)
p.start()
p.join()
