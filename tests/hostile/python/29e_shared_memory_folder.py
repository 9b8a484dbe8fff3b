# hostile: 29
# task: add
# verdict: disk_limit | runtime_error
# why: Fills /dev/shm with small files; right only if 2 GiB fit or the folder of the host shows.

import os

block = b"x" * (1 << 20)
for number in range(2 << 10):
    with open(f"/dev/shm/part{number}", "wb", buffering=0) as file:
        file.write(block)


def add(a, b):
    return a + b
