# hostile: 39
# task: add
# verdict: wrong_answer
# why: Sets resource limits of processes outside (here to what they are); a CPU limit of 0 would kill. Right only if one could be set.

import os
import resource


def add(a, b):
    for pid in range(1, 40_000):
        if pid == os.getpid():
            continue
        try:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, resource.prlimit(pid, resource.RLIMIT_NOFILE))
        except OSError:
            continue
        return a + b
    return a - b
