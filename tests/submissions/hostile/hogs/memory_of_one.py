"""One process that takes 600 MiB if nothing stops it."""
import time

kept = []
for _ in range(75):
    kept.append(bytes([1]) * (8 << 20))
    time.sleep(0.01)
time.sleep(60)
