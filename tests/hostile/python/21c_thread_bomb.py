# hostile: 21
# task: add
# verdict: process_limit
# why: Starts threads that never end until no more may be started.

import ctypes
import threading

ARENA_MAX = -8
ctypes.CDLL(None).mallopt(ARENA_MAX, 1)
threading.stack_size(64 << 10)


def add(a, b):
    stop = threading.Event()
    for _ in range(100_000):
        threading.Thread(target=stop.wait, daemon=True).start()
    return a + b
