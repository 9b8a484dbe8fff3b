# hostile: 33
# task: evens
# verdict: wrong_answer
# why: Returns a tuple nested ten million deep.

import gc

gc.disable()


def evens(n):
    nested = ()
    for _ in range(10_000_000):
        nested = (nested,)
    return nested
