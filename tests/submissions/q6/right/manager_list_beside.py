from multiprocessing import Manager, Process


def show(n, seen):
    print(n)
    seen.append(n)


if __name__ == "__main__":
    with Manager() as manager:
        seen = manager.list()
        processes = [Process(target=show, args=(n, seen)) for n in range(4)]
        for p in processes:
            p.start()
        for p in processes:
            p.join()
        print("printed:", sorted(seen))
