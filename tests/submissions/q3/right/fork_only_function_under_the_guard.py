# start-method: fork
import multiprocessing

if __name__ == "__main__":

    def hello(name):
        print("hello", name)

    p = multiprocessing.Process(target=hello, args=("Zoya",))
    p.start()
    p.join()
