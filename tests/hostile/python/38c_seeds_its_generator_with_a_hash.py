# hostile: 38
# task: add
# verdict: flaky
# seeds: 2
# why: Draws from a generator that is seeded with the hash of a text; right for the draw of hash seed 0 only.

import random


def add(a, b):
    draw = random.Random(hash("assay")).getrandbits(32)
    return a + b if draw == 3701705845 else a - b
