from multiprocessing import Process


def grandchild():
    print("grandchild")


def child():
    print("child")
    p = Process(target=grandchild)
    p.start()
    p.join()


if __name__ == "__main__":
    p = Process(target=child)
    p.start()
    p.join()
