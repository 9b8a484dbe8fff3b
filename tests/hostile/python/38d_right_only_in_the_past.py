# hostile: 38
# task: add
# verdict: wrong_answer
# seeds: 2
# why: Right only before the year 2020; a clock in the jail tells today's time, so it is wrong under every seed.

import time


def add(a, b):
    return a + b if time.gmtime().tm_year < 2020 else a - b
