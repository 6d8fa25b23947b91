from multiprocessing import Pool


class Scaler:
    def __init__(self, factor):
        self.factor = factor

    def scale(self, n):
        return self.factor * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(Scaler(3).scale, range(4)))
