# hostile: 23
# task: add
# verdict: accepted
# flags: lingering
# why: Right, and leaves a sleeping daemon behind; the answer counts, the daemon is killed and reported.

import os
import time

if os.fork() == 0:
    os.setsid()
    time.sleep(1_000)
    os._exit(0)


def add(a, b):
    return a + b
