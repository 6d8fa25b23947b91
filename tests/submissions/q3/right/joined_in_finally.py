from multiprocessing import Process


def work():
    print("work")


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    try:
        print(1 / 0)
    except ZeroDivisionError:
        print("an error that was caught")
    finally:
        p.join()
