"""A chain of a million iterators, each of which asks the one before: the stack of C ends."""
chain = iter([])
for _ in range(1_000_000):
    chain = map(int, chain)
next(chain)
