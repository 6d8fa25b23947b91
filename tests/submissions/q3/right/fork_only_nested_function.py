# start-method: fork
from multiprocessing import Process


def main():
    def greet():
        print("I live inside main()")

    p = Process(target=greet)
    p.start()
    p.join()


if __name__ == "__main__":
    main()
