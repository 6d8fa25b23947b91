# fails: joined
# says: forgotten
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    p1 = Process(target=show, args=(1,))
    p2 = Process(target=show, args=(2,))
    p3 = Process(target=show, args=(3,))
    p4 = Process(target=show, args=(4,), name="forgotten")
    p1.start()
    p2.start()
    p3.start()
    p4.start()
    p1.join()
    p2.join()
    p3.join()
    p3.join()
