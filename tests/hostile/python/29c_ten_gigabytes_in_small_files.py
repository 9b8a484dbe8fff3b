# hostile: 29
# task: add
# verdict: disk_limit
# why: Writes 10 GB as files of one mebibyte each, below any limit on the size of one file.

import os
import tempfile


def add(a, b):
    block = b"x" * (1 << 20)
    folder = tempfile.gettempdir()
    for number in range(10 << 10):
        with open(os.path.join(folder, f"part{number}"), "wb", buffering=0) as file:
            file.write(block)
    return a + b
