from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = []
    for n in range(4):
        p = Process(target=show, args=(n,))
        p.daemon = True
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
