import os

os.write(2, b"BREACH-7d1f: usercustomize was loaded\n")
