# hostile: 23
# task: add
# verdict: early_exit
# why: Leaves a daemon behind and ends with status 0 while it is loaded.

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1_000)
    os._exit(0)
os._exit(0)


def add(a, b):
    return a - b
