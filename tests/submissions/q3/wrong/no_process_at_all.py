# fails: process_started
# says: process
def greet():
    print("hello")


if __name__ == "__main__":
    greet()
