import multiprocessing
from multiprocessing import Pool

# Question 1
"""
It lets a program use more than one CPU, since every process has its own interpreter.
"""

# Question 3
def greet():
    print("hello from the child")

if __name__ == "__main__":
    process = multiprocessing.Process(target=greet)
    process.start()
    process.join()

# Question 5
def square(n):
    return n * n

if __name__ == "__main__":
    pool = Pool(2)
    print(pool.map(square, [1, 2, 3]))
    pool.close()
    pool.join()

# Question 6
def show(n):
    print("number", n)

if __name__ == "__main__":
    processes = []
    for n in range(4):
        process = multiprocessing.Process(target=show, args=(n,))
        processes.append(process)
        process.start()
    for process in processes:
        process.join()
