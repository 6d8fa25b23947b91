from multiprocessing import Process


def say(word):
    print(word)


if __name__ == "__main__":
    for word in ["red", "green", "blue"]:
        p = Process(target=say, args=(word,))
        p.start()
        p.join()
