# fails: pool_created
# says: pool
def square(n):
    return n * n


if __name__ == "__main__":
    print(list(map(square, range(5))))
