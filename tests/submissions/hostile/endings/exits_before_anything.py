"""Ends with os._exit(0) before it did anything."""
import os
from multiprocessing import Process

os._exit(0)
