# hostile: 39
# task: add
# verdict: signalled | wrong_answer
# why: Kills its parent; in the jail that is its own group or a process 1 that cannot be killed from inside.

import os
import signal


def add(a, b):
    try:
        os.kill(os.getppid(), signal.SIGKILL)
    except OSError:
        pass
    return a - b
