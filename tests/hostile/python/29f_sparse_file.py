# hostile: 29
# task: add
# verdict: disk_limit
# why: Makes a file of 10 GB without writing it.

import os
import tempfile


def add(a, b):
    path = os.path.join(tempfile.gettempdir(), "sparse.bin")
    with open(path, "wb") as file:
        file.truncate(10 << 30)
    return a + b
