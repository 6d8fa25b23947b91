"""Q3. Write a Python code to create a process using the multiprocessing module."""
from multiprocessing import Process, Pool

def f():
    print("hello", name)

name = input("Name: ")
p = Process(target=f)
p.start()
p.join()

"""Q5. How can we create a pool of worker processes in Python using the multiprocessing module?"""
def f(x):
    return x * x

with Pool(2) as p:
    print(p.map(f, [1, 2, 3]))

"""
Q6. Write a Python program to create 4 processes, each process should print a different number
using the multiprocessing module in Python.
"""
def f(x):
    print(x)

p = [Process(target=f, args=(x,)) for x in range(4)]
[x.start() for x in p]
[x.join() for x in p]
