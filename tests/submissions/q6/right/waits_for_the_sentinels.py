from multiprocessing import Process
from multiprocessing.connection import wait


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    sentinels = [p.sentinel for p in processes]
    while sentinels:
        for ended in wait(sentinels):
            sentinels.remove(ended)
    print("all four have ended")
