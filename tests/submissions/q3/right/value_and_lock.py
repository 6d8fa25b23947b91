from multiprocessing import Lock, Process, Value


def deposit(balance, lock):
    for _ in range(100):
        with lock:
            balance.value += 1


if __name__ == "__main__":
    balance = Value("i", 0)
    lock = Lock()
    people = [Process(target=deposit, args=(balance, lock)) for _ in range(2)]
    for p in people:
        p.start()
    for p in people:
        p.join()
    print(balance.value)
