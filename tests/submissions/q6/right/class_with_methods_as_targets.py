from multiprocessing import Process


class Printer:
    def __init__(self, start):
        self.start = start

    def show(self, step):
        print(self.start + step)


if __name__ == "__main__":
    printer = Printer(100)
    processes = [Process(target=printer.show, args=(i,)) for i in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
