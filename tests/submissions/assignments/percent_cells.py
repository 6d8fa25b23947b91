# %% [markdown]
# # Q3. Write a Python code to create a process using the multiprocessing module.

# %%
from multiprocessing import Process, Pool

def hi():
    print("hi")

if __name__ == "__main__":
    p = Process(target=hi)
    p.start()
    p.join()

# %% [markdown]
# # Q4. What is a multiprocessing pool in Python? Why is it used?
# Workers that are started once and used for many tasks.

# %% [markdown]
# # Q5. How can we create a pool of worker processes in Python using the multiprocessing module?

# %%
def inc(n):
    return n + 1

if __name__ == "__main__":
    with Pool(3) as pool:
        print(pool.map(inc, range(3)))

# %% [markdown]
# # Q6. Write a Python program to create 4 processes, each process should print a different number

# %%
def show(n):
    print(n)

if __name__ == "__main__":
    for n in range(4):
        p = Process(target=show, args=(n,))
        p.start()
    p.join()
