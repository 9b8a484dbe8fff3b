# hostile: 38
# task: add
# verdict: accepted
# seeds: 2
# why: Uses random numbers, the clock and set order on its way and is right whatever they are.

import random
import time


def add(a, b):
    noise = random.randrange(10**6) + time.time_ns() + hash("assay")
    return sum({a - noise: "left", b + noise: "right"})
