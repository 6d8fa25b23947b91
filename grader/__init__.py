"""An auto-graded exercise kit for Python's multiprocessing that marks evidence."""
