import os

os.write(2, b"BREACH-7d1f: conftest was loaded\n")
raise SystemExit("conftest was loaded")
