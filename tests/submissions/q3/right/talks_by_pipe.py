from multiprocessing import Pipe, Process


def shout(conn):
    conn.send(conn.recv().upper())
    conn.close()


if __name__ == "__main__":
    here, there = Pipe()
    p = Process(target=shout, args=(there,))
    p.start()
    here.send("quiet please")
    print(here.recv())
    p.join()
