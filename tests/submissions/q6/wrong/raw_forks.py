# start-method: fork
# fails: four_processes
# says: fork
import os

if __name__ == "__main__":
    for n in range(4):
        pid = os.fork()
        if pid == 0:
            print(n, flush=True)
            os._exit(0)
    for n in range(4):
        os.wait()
