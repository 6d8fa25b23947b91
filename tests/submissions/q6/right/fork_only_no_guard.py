# start-method: fork
import multiprocessing


def show(n):
    print(n)


processes = []
for n in range(1, 5):
    p = multiprocessing.Process(target=show, args=(n,))
    p.start()
    processes.append(p)

for p in processes:
    p.join()
