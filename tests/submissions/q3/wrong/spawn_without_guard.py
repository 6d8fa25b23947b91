# fails: ran_clean
# says: __main__
import multiprocessing


def greet():
    print("hello")


ctx = multiprocessing.get_context("spawn")
p = ctx.Process(target=greet)
p.start()
p.join()
