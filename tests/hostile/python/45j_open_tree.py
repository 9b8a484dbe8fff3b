# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Clones a mount with the newer mount calls, which older filters do not know. Right only if the kernel does it.

import ctypes

libc = ctypes.CDLL(None)
OPEN_TREE = 428
FSOPEN = 430
AT_FDCWD, OPEN_TREE_CLONE = -100, 1


def opened():
    return (
        libc.syscall(ctypes.c_long(OPEN_TREE), ctypes.c_long(AT_FDCWD), b"/", ctypes.c_long(OPEN_TREE_CLONE)) >= 0
        or libc.syscall(ctypes.c_long(FSOPEN), b"tmpfs", ctypes.c_long(0)) >= 0
    )


allowed = opened()


def add(a, b):
    return a + b if allowed else a - b
