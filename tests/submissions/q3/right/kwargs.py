from multiprocessing import Process


def introduce(name, city="nowhere"):
    print(name, "lives in", city)


if __name__ == "__main__":
    p = Process(target=introduce, kwargs={"name": "Ravi", "city": "Pune"})
    p.start()
    p.join()
