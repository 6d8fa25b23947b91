"""Asks for 3 GiB in one go."""
kept = bytearray(3 << 30)
