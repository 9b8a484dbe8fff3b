# hostile: 29
# task: add
# verdict: memory_limit | disk_limit | runtime_error
# why: Fills anonymous memory files, which count neither as address space nor as temporary files; right only if 2 GiB fit.

import os

block = b"x" * (1 << 20)
for _ in range(128):
    scratch = os.memfd_create("scratch")
    for _ in range(16):
        os.write(scratch, block)


def add(a, b):
    return a + b
