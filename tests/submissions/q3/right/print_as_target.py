from multiprocessing import Process

if __name__ == "__main__":
    p = Process(target=print, args=("printed by the child",))
    p.start()
    p.join()
