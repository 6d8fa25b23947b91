"""A right answer with numbers of every kind: of thousands of digits, with huge exponents and in
foreign digits."""
from multiprocessing import Process

NUMBERS = ("1" * 100_000, "2e999999999", "-" * 100_000 + "3", "\u0663\u0664 \u2167 NaN 7")


def show(number):
    print(number)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in NUMBERS]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
