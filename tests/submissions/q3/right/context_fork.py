# start-method: fork
import multiprocessing


def task():
    print("running in a forked process")


if __name__ == "__main__":
    ctx = multiprocessing.get_context("fork")
    p = ctx.Process(target=task)
    p.start()
    p.join()
