import multiprocessing


class Cube(multiprocessing.Process):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def run(self):
        print(f"{self.n} cubed is {self.n ** 3}")


if __name__ == "__main__":
    c = Cube(5)
    c.start()
    c.join()
