# start-method: fork
import multiprocessing


def show(n):
    print("from the fork server:", n)


if __name__ == "__main__":
    ctx = multiprocessing.get_context("forkserver")
    processes = [ctx.Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
