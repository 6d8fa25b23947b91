from multiprocessing import Process


def work():
    print("quick work")


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    p.join(timeout=60)
    if p.is_alive():
        p.terminate()
        p.join()
