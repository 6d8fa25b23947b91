import multiprocessing as mp


def show(n):
    print("Number:", n)


if __name__ == "__main__":
    processes = [mp.Process(target=show, args=(n,)) for n in (10, 20, 30, 40)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
