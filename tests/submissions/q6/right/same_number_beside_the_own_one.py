from multiprocessing import Process


def show(n):
    print(f"In 2024 there are many processes, and I print {n}")


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (6, 7, 8, 9)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
