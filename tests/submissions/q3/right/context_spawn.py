import multiprocessing


def task():
    print("running in a spawned process")


if __name__ == "__main__":
    ctx = multiprocessing.get_context("spawn")
    p = ctx.Process(target=task)
    p.start()
    p.join()
