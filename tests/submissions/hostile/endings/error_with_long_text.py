"""An error with a text of 20 MB."""
raise ValueError("x" * 20_000_000)
