# hostile: 41
# task: add
# verdict: time_limit
# flags: idle
# why: Sleeps for thirty years; it uses no CPU time and is found idle.

import time


def add(a, b):
    time.sleep(1e9)
    return a + b
