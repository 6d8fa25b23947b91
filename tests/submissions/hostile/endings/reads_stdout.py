"""Reads from its standard output, where nothing ever comes."""
import os

os.read(1, 100)
