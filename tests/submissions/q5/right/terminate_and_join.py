from multiprocessing import Pool


def length(word):
    return len(word)


if __name__ == "__main__":
    pool = Pool(2)
    print(pool.map(length, ["one", "three", "seventeen"]))
    pool.terminate()
    pool.join()
