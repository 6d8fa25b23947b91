from multiprocessing import Manager, Process


def count(text, result):
    result[text] = len(text)


if __name__ == "__main__":
    with Manager() as manager:
        result = manager.dict()
        p = Process(target=count, args=("mississippi", result))
        p.start()
        p.join()
        print(dict(result))
