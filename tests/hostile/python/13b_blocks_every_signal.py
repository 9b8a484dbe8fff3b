# hostile: 13
# task: add
# verdict: time_limit
# why: Blocks all signals with a mask and loops.

import signal


def add(a, b):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
