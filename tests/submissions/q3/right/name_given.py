from multiprocessing import Process, current_process


def work():
    print(current_process().name, "is at work")


if __name__ == "__main__":
    p = Process(name="my first process", target=work)
    print("before start:", p.name, p.is_alive())
    p.start()
    p.join()
    print("after join:", p.is_alive(), p.exitcode)
