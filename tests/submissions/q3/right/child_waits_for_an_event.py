from multiprocessing import Event, Process


def wait_for_go(go):
    go.wait()
    print("off we go")


if __name__ == "__main__":
    go = Event()
    p = Process(target=wait_for_go, args=(go,))
    p.start()
    print("ready, steady")
    go.set()
    p.join()
