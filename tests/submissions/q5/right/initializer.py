from multiprocessing import Pool


def setup(greeting):
    global word
    word = greeting


def greet(name):
    return word + " " + name


if __name__ == "__main__":
    with Pool(2, initializer=setup, initargs=("Namaste",)) as pool:
        print(pool.map(greet, ["Asha", "Ravi", "Zoya"]))
