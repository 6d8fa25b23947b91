"""Opens files until the system refuses, and keeps them."""
from four import four

if __name__ == "__main__":
    kept = []
    try:
        while len(kept) < 100_000:
            kept.append(open("/dev/null"))
    except OSError:
        four()
