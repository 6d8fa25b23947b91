from multiprocessing import Process


class Account:
    def __init__(self, owner):
        self.owner = owner

    def report(self):
        print("account of", self.owner)


if __name__ == "__main__":
    account = Account("Meera")
    p = Process(target=account.report)
    p.start()
    p.join()
