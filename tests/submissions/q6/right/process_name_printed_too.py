from multiprocessing import Process, current_process


def show(n):
    print(current_process().name, "prints", n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (4, 3, 2, 1)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
