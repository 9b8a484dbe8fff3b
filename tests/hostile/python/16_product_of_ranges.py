# hostile: 16
# task: add
# verdict: memory_limit
# why: Asks for a list of 99 ** 9 tuples; the memory limit ends it, not the machine's.

import itertools


def add(a, b):
    return a + b + 0 * len(list(itertools.product(range(99), repeat=9)))
