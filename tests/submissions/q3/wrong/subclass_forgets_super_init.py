# fails: ran_clean
# says: AttributeError
from multiprocessing import Process


class Greeter(Process):
    def __init__(self, name_to_greet):
        self.name_to_greet = name_to_greet

    def run(self):
        print("hello", self.name_to_greet)


if __name__ == "__main__":
    g = Greeter("Asha")
    g.start()
    g.join()
