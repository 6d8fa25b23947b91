from multiprocessing import Pool


def area(*, width, height):
    return width * height


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.apply_async(area, kwds={"width": 3, "height": 4})
        print(result.get(timeout=30))
