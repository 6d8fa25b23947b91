# Process 1 prints 2 and process 0 prints 1: what one calls its index, another prints.
# A person sees four different numbers.
from multiprocessing import Process


def show(i):
    print(f"Process {i} prints {i + 1}")


if __name__ == "__main__":
    processes = [Process(target=show, args=(i,)) for i in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
