from multiprocessing import Process


def backup():
    print("backup finished")


if __name__ == "__main__":
    p = Process(target=backup, daemon=True)
    p.start()
    p.join()
