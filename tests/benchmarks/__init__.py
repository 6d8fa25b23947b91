"""Benchmarks: how fast the kit is, in times of what the plain interpreter takes.

pytest collects none of them; tests/test_benchmarks.py sees to it that they go on working.
"""
