# hostile: 29
# task: add
# verdict: disk_limit
# why: Creates ten million empty temporary files.

import os
import tempfile


def add(a, b):
    folder = tempfile.gettempdir()
    for number in range(10_000_000):
        os.close(os.open(os.path.join(folder, f"part{number}"), os.O_CREAT | os.O_WRONLY))
    return a + b
