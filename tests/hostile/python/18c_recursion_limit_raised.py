# hostile: 18
# task: add
# verdict: signalled | runtime_error
# why: Raises the recursion limit and recurses through C calls: SIGSEGV up to Python 3.11, RecursionError where C calls have a limit of their own.

import sys

sys.setrecursionlimit(10**9)


def deeper(n):
    return max(map(deeper, [n + 1]))


def add(a, b):
    return deeper(a + b)
