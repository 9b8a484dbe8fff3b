# hostile: 4
# task: add
# verdict: early_exit
# why: Calls the C library's _exit, which no Python guard can take away.

import ctypes

libc = ctypes.CDLL(None)


def add(a, b):
    libc._exit(0)
