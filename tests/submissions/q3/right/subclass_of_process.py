from multiprocessing import Process


class Greeter(Process):
    def run(self):
        print("Hi from", self.name)


if __name__ == "__main__":
    g = Greeter()
    g.start()
    g.join()
