# hostile: 39
# task: add
# verdict: time_limit | wrong_answer
# why: Stops its whole process group with SIGSTOP; a stopped jail is idle and the clock ends it (a process 1 is not stopped).

import os
import signal


def add(a, b):
    os.kill(0, signal.SIGSTOP)
    return a - b
