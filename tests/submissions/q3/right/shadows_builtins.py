from multiprocessing import Process


def sum(a, b):
    print(a + b)


if __name__ == "__main__":
    list = [3, 4]
    id = Process(target=sum, args=list)
    id.start()
    id.join()
