from multiprocessing import Pool


def square(n):
    return n * n


def cube(n):
    return n**3


if __name__ == "__main__":
    with Pool(2) as first, Pool(2) as second:
        squares = first.map_async(square, range(4))
        cubes = second.map_async(cube, range(4))
        print(squares.get(), cubes.get())
