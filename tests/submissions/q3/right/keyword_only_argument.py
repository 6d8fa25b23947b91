from multiprocessing import Process


def power(base, *, exponent):
    print(base**exponent)


if __name__ == "__main__":
    p = Process(target=power, args=(2,), kwargs=dict(exponent=10))
    p.start()
    p.join()
