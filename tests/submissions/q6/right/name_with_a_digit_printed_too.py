from multiprocessing import Process, current_process


def show(n):
    print(f"{current_process().name}: {n}")


if __name__ == "__main__":
    processes = [
        Process(target=show, args=(n,), name=f"Worker {n}") for n in (1, 2, 3, 4)
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
