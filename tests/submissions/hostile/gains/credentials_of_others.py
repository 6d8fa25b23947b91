"""Four processes that print nothing; the program prints for them under their PIDs, as far as
the kernel lets it (unix(7), SCM_CREDENTIALS)."""
import os
import socket
import struct
import time
from multiprocessing import Process

if __name__ == "__main__":
    stdout = socket.socket(fileno=os.dup(1))
    processes = [Process(target=time.sleep, args=(0.2,)) for _ in range(4)]
    for process in processes:
        process.start()
    for number, process in enumerate(processes):
        sender = struct.pack("iII", process.pid, os.getuid(), os.getgid())
        try:
            stdout.sendmsg([b"%d\n" % number], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, sender)])
        except OSError as error:
            print("REFUSED", error.strerror, flush=True)
    for process in processes:
        process.join()
