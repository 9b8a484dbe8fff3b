# hostile: 39
# task: add
# verdict: signalled | wrong_answer
# why: Kills itself with SIGKILL, which has no effect on the first process of a jail.

import os
import signal


def add(a, b):
    os.kill(os.getpid(), signal.SIGKILL)
    return a - b
