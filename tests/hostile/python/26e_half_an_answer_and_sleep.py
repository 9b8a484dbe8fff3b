# hostile: 26
# task: add
# verdict: time_limit | tampered
# why: Announces a long answer, sends one byte of it and sleeps, so that a judge without a clock waits for ever.

import os
import time


def add(a, b):
    for fd in range(3, 64):
        try:
            os.write(fd, b"\0\1\0\0[")
        except OSError:
            pass
    time.sleep(1e9)
