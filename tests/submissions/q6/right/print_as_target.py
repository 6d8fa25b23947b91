from multiprocessing import Process

if __name__ == "__main__":
    processes = [Process(target=print, args=(n,)) for n in (1, 2, 3, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
