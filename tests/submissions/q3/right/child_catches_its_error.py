from multiprocessing import Process


def divide(a, b):
    try:
        print(a / b)
    except ZeroDivisionError as e:
        print("Error:", e)


if __name__ == "__main__":
    p = Process(target=divide, args=(1, 0))
    p.start()
    p.join()
