# Ans 3
import multiprocessing

def hello():
    """Say
    hello."""
    print("hello")

if __name__ == "__main__":
    p = multiprocessing.Process(target=hello)
    p.start()
    p.join()

# Ans 5
def double(n):
    return n + n

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(double, [1, 2]))

# Ans 6
def show(n):
    print(n)

if __name__ == "__main__":
    ps = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
    for p in ps: p.start()
    for p in ps: p.join()
