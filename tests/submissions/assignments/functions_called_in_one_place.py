"""A function for each question, and one place that calls them all."""

from multiprocessing import Pool, Process


# Q3. Write a Python code to create a process using the multiprocessing module.
def greet():
    print("hello from a child")


def question_3():
    child = Process(target=greet)
    child.start()
    child.join()


# Q5. How can we create a pool of worker processes in Python using the multiprocessing module?
def double(number):
    return 2 * number


def question_5():
    with Pool(2) as pool:
        print(pool.map(double, [1, 2, 3]))


# Q6. Write a Python program to create 4 processes, each process should print a different number
def tell(number):
    print("my number is", number)


def question_6():
    children = [Process(target=tell, args=(number,)) for number in (10, 20, 30, 40)]
    for child in children:
        child.start()
    for child in children:
        child.join()


if __name__ == "__main__":
    question_3()
    question_5()
    question_6()
