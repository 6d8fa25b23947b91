import multiprocessing
import time

# Question 5
def forever():
    pool = multiprocessing.Pool(2)
    pool.map(abs, [1])
    while True:
        time.sleep(0.1)

if __name__ == "__main__":
    forever()

# Question 6
def show(n):
    print(n)

if __name__ == "__main__":
    ps = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
