from multiprocessing import Process


def show(n):
    print(n)


def main():
    processes = [Process(target=show, args=(n,)) for n in (1, 2, 3, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
        p.close()


if __name__ == "__main__":
    main()
