"""A right answer, and a change of its own memory through /proc/self/mem."""
import ctypes

from four import four

if __name__ == "__main__":
    text = ctypes.create_string_buffer(b"before")
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(ctypes.addressof(text))
        memory.write(b"after!")
    print(text.value.decode())
    four()
