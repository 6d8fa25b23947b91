#!/usr/bin/env python
# coding: utf-8

# ## Q1. What is multiprocessing in Python? Why is it useful?

# Several processes work at the same time, each on a core of its own.

# ## Q3. Write a Python code to create a process using the multiprocessing module.

# In[1]:


import multiprocessing

def one():
    print("one process")

p = multiprocessing.Process(target=one)
p.start()
p.join()


# ## Q5. How can we create a pool of worker processes in Python using the multiprocessing module?

# In[2]:


with multiprocessing.Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))


# ## Q6. Write a Python program to create 4 processes, each process should print a different number using the multiprocessing module in Python.

# In[3]:


def show(n):
    print(n)

ps = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
for p in ps:
    p.start()
for p in ps:
    p.join()


# In[ ]:
