# hostile: 39
# task: add
# verdict: wrong_answer
# why: Sends every deadly signal to process 1, which is the jail's own and ignores them, or is out of reach.

import os
import signal


def add(a, b):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(1, number)
        except OSError:
            pass
    return a - b
