# hostile: 17
# task: add
# verdict: memory_limit | runtime_error
# why: Maps 64 GiB without touching it; the refusal is an OSError with ENOMEM instead of a MemoryError.

import mmap


def add(a, b):
    return a + b + 0 * len(mmap.mmap(-1, 64 << 30))
