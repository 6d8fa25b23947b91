# fails: ran_clean
# says: RuntimeError
import multiprocessing


def show(n):
    print(n)


multiprocessing.set_start_method("spawn")
for n in range(1, 5):
    p = multiprocessing.Process(target=show, args=(n,))
    p.start()
    p.join()
