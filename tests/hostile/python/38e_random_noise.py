# hostile: 38
# task: add
# verdict: wrong_answer
# seeds: 2
# why: Adds a random positive number; its values differ from run to run but its verdict does not.

import random


def add(a, b):
    return a + b + random.randrange(1, 10**6)
