# hostile: 20
# task: add
# verdict: accepted
# official: accepted
# why: Writes 200 KB to stderr and is right.

import sys


def add(a, b):
    sys.stderr.write("DeprecationWarning: add is old\n" * 7_000)
    return a + b
