# hostile: 18
# task: add
# verdict: memory_limit
# why: Recurses in Python with a mebibyte held at every level; the memory ends before the stack.

import sys

sys.setrecursionlimit(10**6)


def deeper(n):
    block = bytearray(1 << 20)
    return deeper(n + 1) + len(block)


def add(a, b):
    return deeper(a + b)
