"""Aborts, as an assertion of C does."""
import os

os.abort()
