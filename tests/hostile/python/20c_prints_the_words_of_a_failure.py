# hostile: 20
# task: add
# verdict: accepted
# official: accepted
# why: Prints FAIL, ERROR and a traceback and is right; nobody decides by reading words.

import sys


def add(a, b):
    print("FAIL: test_add (tests.TestAdd)")
    print("Traceback (most recent call last):\nAssertionError: ERROR", file=sys.stderr)
    return a + b
