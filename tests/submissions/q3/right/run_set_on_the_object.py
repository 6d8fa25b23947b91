"""What is to run is set on the Process object itself."""

from multiprocessing import Process


def work():
    print("working in a child")


if __name__ == "__main__":
    process = Process()
    process.run = work
    process.start()
    process.join()
