"""A right answer, and a look for the keys of whoever grades, in whose keyrings it leaves some
that would outlive it (keyrings(7))."""
import ctypes
import platform

from four import four

ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[platform.machine()]
KEYCTL_SEARCH, KEYCTL_READ = 10, 11
SESSION_KEYRING, USER_KEYRING, USER_SESSION_KEYRING = -3, -4, -5
libc = ctypes.CDLL(None)

if __name__ == "__main__":
    for keyring in (SESSION_KEYRING, USER_KEYRING, USER_SESSION_KEYRING):
        found = libc.syscall(KEYCTL, KEYCTL_SEARCH, keyring, b"user", b"grade-secret", 0)
        secret = ctypes.create_string_buffer(100)
        if found > 0 and libc.syscall(KEYCTL, KEYCTL_READ, found, secret, 100) > 0:
            print("read from a keyring:", secret.value.decode())
        made = libc.syscall(ADD_KEY, b"user", b"hostile", b"x", 1, keyring)
        print("KEY", "made" if made > 0 else "refused")
    four()
