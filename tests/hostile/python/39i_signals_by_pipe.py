# hostile: 39
# task: add
# verdict: wrong_answer
# why: Has the kernel signal other processes whenever a pipe can be read; right only if one outside was accepted (nothing is sent).

import fcntl
import os


def add(a, b):
    read_end, _ = os.pipe()
    for pid in range(1, 40_000):
        if pid == os.getpid():
            continue
        try:
            fcntl.fcntl(read_end, fcntl.F_SETOWN, pid)
        except OSError:
            continue
        return a + b
    return a - b
