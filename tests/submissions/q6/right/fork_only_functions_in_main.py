# start-method: fork
from multiprocessing import Process


def main():
    def one():
        print(1)

    def two():
        print(2)

    def three():
        print(3)

    def four():
        print(4)

    processes = [Process(target=f) for f in (one, two, three, four)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()


if __name__ == "__main__":
    main()
