"""Makes a file of 1 TiB that holds nothing."""
import tempfile

with tempfile.NamedTemporaryFile(delete=False) as file:
    file.truncate(1 << 40)
