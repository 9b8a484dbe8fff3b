# hostile: 21
# task: add
# verdict: process_limit
# why: Starts sleeping children that use no CPU time, in sessions of their own, until a fork is refused.

import os
import time


def add(a, b):
    for _ in range(100_000):
        if os.fork() == 0:
            os.setsid()
            time.sleep(1_000)
            os._exit(0)
    return a + b
