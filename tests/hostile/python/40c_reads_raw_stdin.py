# hostile: 40
# task: add
# verdict: runtime_error
# why: Reads descriptor 0 directly until a number comes.

import os


def add(a, b):
    return a + b + int(os.read(0, 100))
