# fails: joined
# says: join
from multiprocessing import Event, Process


def show(n, go):
    go.wait()
    print(n)


if __name__ == "__main__":
    go = Event()
    processes = [Process(target=show, args=(n, go)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join(timeout=0.05)
    go.set()
