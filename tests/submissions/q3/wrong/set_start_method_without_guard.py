# fails: ran_clean
# says: RuntimeError
import multiprocessing


def greet():
    print("hello")


multiprocessing.set_start_method("spawn")
p = multiprocessing.Process(target=greet)
p.start()
p.join()
