Q1. What is multiprocessing in Python? Why is it useful?

Multiprocessing is running many processes at the same time.
It's useful for heavy computation.

Q3. Write a Python code to create a process using the multiprocessing module.

import multiprocessing

def hello():
    print("hello")

p = multiprocessing.Process(target=hello)
p.start()
p.join()

Q5. How can we create a pool of worker processes in Python using the multiprocessing module?

def double(n):
    return n + n

with multiprocessing.Pool(2) as pool:
    print(pool.map(double, [1, 2]))

Q6. Write a Python program to create 4 processes, each process should print a different number using the multiprocessing module in Python.

def show(n):
    print(n)

for n in range(4):
    multiprocessing.Process(target=show, args=(n,)).start()
