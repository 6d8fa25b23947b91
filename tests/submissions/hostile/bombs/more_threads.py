"""Two thousand threads of little stack."""
import ctypes
import time

if __name__ == "__main__":
    libc = ctypes.CDLL(None)
    attributes = ctypes.create_string_buffer(64)
    libc.pthread_attr_init(attributes)
    libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(1 << 14))
    thread = ctypes.c_ulong()
    for _ in range(2000):
        libc.pthread_create(ctypes.byref(thread), attributes, libc.pause, None)
    time.sleep(60)
