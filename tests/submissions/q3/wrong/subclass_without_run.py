# fails: work_in_child
# says: run()
from multiprocessing import Process


class Greeter(Process):
    def work(self):
        print("hello")


if __name__ == "__main__":
    g = Greeter()
    g.start()
    g.join()
