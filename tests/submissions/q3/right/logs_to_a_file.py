import logging
import os
import tempfile
from multiprocessing import Process


def work(path):
    logging.basicConfig(filename=path, level=logging.INFO)
    logging.info("work in %s", os.getpid())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "test.log")
        p = Process(target=work, args=(path,))
        p.start()
        p.join()
        with open(path) as f:
            print(f.read())
