# fails: ran_clean
# says: __main__
import multiprocessing


def show(n):
    print(n)


multiprocessing.set_start_method("spawn", force=True)
for n in range(1, 5):
    p = multiprocessing.Process(target=show, args=(n,))
    p.start()
    p.join()
