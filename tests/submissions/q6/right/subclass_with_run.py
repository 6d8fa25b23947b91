from multiprocessing import Process


class NumberPrinter(Process):
    def __init__(self, number):
        Process.__init__(self)
        self.number = number

    def run(self):
        print("My number is", self.number)


if __name__ == "__main__":
    printers = [NumberPrinter(n) for n in (3, 6, 9, 12)]
    for printer in printers:
        printer.start()
    for printer in printers:
        printer.join()
