from multiprocessing import Pipe, Process


def show(conn):
    print("received", conn.recv())
    conn.close()


if __name__ == "__main__":
    processes = []
    for n in (1, 2, 3, 4):
        here, there = Pipe()
        p = Process(target=show, args=(there,))
        p.start()
        here.send(n)
        processes.append(p)
    for p in processes:
        p.join()
