# hostile: 14
# task: add
# verdict: time_limit
# why: Right, but far too slow, and it swallows the exception of a timer; a limit that can be caught is no limit.

import time


def add(a, b):
    stop = time.process_time() + 12
    while time.process_time() < stop:
        try:
            while time.process_time() < stop:
                pass
        except BaseException:
            pass
    return a + b
