from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = []
    for name, n in [("north", 1), ("east", 2), ("south", 3), ("west", 4)]:
        p = Process(target=show, name=name, args=(n,))
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
