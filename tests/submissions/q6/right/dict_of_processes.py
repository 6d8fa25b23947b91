from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = {n: Process(target=show, args=(n,)) for n in (11, 22, 33, 44)}
    for p in processes.values():
        p.start()
    for n, p in processes.items():
        p.join()
        print(p.name, "is over")
