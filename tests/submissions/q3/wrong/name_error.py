# fails: ran_clean
# says: NameError
def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    p.join()
