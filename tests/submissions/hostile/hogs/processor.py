"""Computes, and never ends."""
import time

while time.process_time() < 60:
    pass
