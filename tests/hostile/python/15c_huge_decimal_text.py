# hostile: 15
# task: add
# verdict: time_limit
# why: Turns a number of two hundred million bits into decimal text, which takes quadratic time in one C call.

import sys


def add(a, b):
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    return a + b + 0 * len(str((1 << 200_000_000) - 1))
