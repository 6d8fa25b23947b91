"""A right answer by four processes that talk over the loopback, as some learners' do."""
import socket
from multiprocessing import Process


def show(port, number):
    with socket.create_connection(("127.0.0.1", port)) as sock:
        print(number, sock.recv(10).decode())


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        processes = [Process(target=show, args=(port, number)) for number in range(1, 5)]
        for process in processes:
            process.start()
        for process in processes:
            server.accept()[0].sendall(b"hello")
        for process in processes:
            process.join()
