# hostile: 15
# task: add
# verdict: time_limit
# why: A regular expression that backtracks for years inside C code, where no Python signal handler runs.

import re


def add(a, b):
    re.match(r"(a+)+$", "a" * 64 + "b")
    return a + b
