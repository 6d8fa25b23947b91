import multiprocessing

# Q3
def hello():
    print("hello")

p = multiprocessing.Process(target=hello)
p.start()
p.join()

# Q5
def square(n):
    return n * n

pool = multiprocessing.Pool(2)
print(pool.map(square, [1, 2, 3]))
