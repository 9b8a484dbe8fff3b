# hostile: 19
# task: add
# verdict: output_limit
# why: Writes to stderr without end, past Python's own buffers.

import os


def add(a, b):
    block = b"warning: value out of range\n" * 40_000
    while True:
        os.write(2, block)
