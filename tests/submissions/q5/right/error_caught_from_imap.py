from multiprocessing import Pool


def to_int(text):
    return int(text)


if __name__ == "__main__":
    with Pool(2) as pool:
        numbers = pool.imap(to_int, ["1", "two", "3"])
        while True:
            try:
                print(next(numbers))
            except ValueError as e:
                print("skipped:", e)
            except StopIteration:
                break
