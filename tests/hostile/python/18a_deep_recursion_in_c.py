# hostile: 18
# task: add
# verdict: signalled
# why: Nests a million iterators, so that asking for one item recurses in C until the stack ends in SIGSEGV.


def add(a, b):
    items = iter([a + b])
    for _ in range(1_000_000):
        items = filter(None, items)
    return next(items)
