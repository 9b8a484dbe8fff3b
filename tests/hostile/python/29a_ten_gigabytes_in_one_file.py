# hostile: 29
# task: add
# verdict: disk_limit
# why: Writes 10 GB into one temporary file.

import os
import tempfile


def add(a, b):
    block = b"x" * (1 << 20)
    with open(os.path.join(tempfile.gettempdir(), "cache.bin"), "wb", buffering=0) as file:
        for _ in range(10 << 10):
            file.write(block)
    return a + b
