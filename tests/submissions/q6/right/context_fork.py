# start-method: fork
import multiprocessing


def show(n):
    print("forked:", n)


if __name__ == "__main__":
    ctx = multiprocessing.get_context("fork")
    processes = [ctx.Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
