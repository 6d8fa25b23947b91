# fails: ran_clean
# says: SyntaxError
Answer 6: here I create 4 processes and each prints a different number

from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        p.start()
        p.join()
