# hostile: 39
# task: add
# verdict: signalled
# why: Calls abort, which ends even the first process of a jail.

import os


def add(a, b):
    os.abort()
