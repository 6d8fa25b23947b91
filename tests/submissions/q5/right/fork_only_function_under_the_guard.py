# start-method: fork
import multiprocessing

if __name__ == "__main__":

    def cube(n):
        return n**3

    with multiprocessing.Pool(2) as pool:
        print(pool.map(cube, range(5)))
