# fails: four_processes
# says: process
def show(n):
    print("process", n)


if __name__ == "__main__":
    for n in range(1, 5):
        show(n)
