"""Writes 40 temporary files of 1 MiB."""
import tempfile
import time

for _ in range(40):
    tempfile.NamedTemporaryFile(delete=False).write(bytes(1 << 20))
time.sleep(60)
