"""The results are taken one by one, and no loop ever asks for a fourth."""

from multiprocessing import Pool


def square(number):
    return number * number


if __name__ == "__main__":
    with Pool(3) as pool:
        results = pool.imap(square, (number for number in (1, 2, 3)))
        print(next(results), next(results), next(results))
