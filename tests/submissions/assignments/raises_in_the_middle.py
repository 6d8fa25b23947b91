import multiprocessing

# Q3
def hello():
    print("hello")

p = multiprocessing.Process(target=hello)
p.start()
p.join()

# Q5
with multiprocessing.Pool(2) as pool:
    print(pool.map(hello, [1, 2]))

# Q6
def show(n):
    print(n)

ps = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
for p in ps:
    p.start()
for p in ps:
    p.join()
