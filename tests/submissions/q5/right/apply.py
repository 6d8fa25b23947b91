from multiprocessing import Pool


def greet(name):
    return "hello " + name


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.apply(greet, ("Asha",)))
        print(pool.apply(greet, args=("Ravi",)))
