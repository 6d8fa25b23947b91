import multiprocessing as mp


def area(w, h):
    print("area:", w * h)


if __name__ == "__main__":
    mp.set_start_method("spawn")
    p = mp.Process(target=area, args=(3, 4))
    p.start()
    p.join()
