from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    numbers = [5, 15, 25, 35]
    processes = []
    for n in numbers:
        processes.append(Process(target=show, args=[n]))
    for p in processes:
        p.start()
    for p in processes:
        p.join()
