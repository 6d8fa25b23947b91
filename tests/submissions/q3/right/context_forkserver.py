# start-method: fork
import multiprocessing


def task():
    print("forked by the fork server")


if __name__ == "__main__":
    ctx = multiprocessing.get_context("forkserver")
    p = ctx.Process(target=task)
    p.start()
    p.join()
