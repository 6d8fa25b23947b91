from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = []
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        processes.append(p)
        p.start()
    for p in processes:
        p.join()
