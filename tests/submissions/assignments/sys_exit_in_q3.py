import multiprocessing
import sys

# Q3. Write a Python code to create a process using the multiprocessing module.
def hello():
    print("hello")

if __name__ == "__main__":
    p = multiprocessing.Process(target=hello)
    p.start()
    p.join()
    sys.exit()

# Q6. Write a Python program to create 4 processes, each process should print a different number.
def show(n):
    print(n)

if __name__ == "__main__":
    ps = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
    for p in ps:
        p.start()
    for p in ps:
        p.join()
