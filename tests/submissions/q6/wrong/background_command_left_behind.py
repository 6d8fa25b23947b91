# fails: ran_clean
# says: PID
import subprocess
from multiprocessing import Process


def show(n):
    print(n)
    if n == 4:
        subprocess.Popen(["sleep", "30"], start_new_session=True)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
