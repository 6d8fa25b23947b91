"""Writes one file of 100 MiB."""
import tempfile

with tempfile.NamedTemporaryFile(delete=False) as file:
    for _ in range(100):
        file.write(bytes(1 << 20))
