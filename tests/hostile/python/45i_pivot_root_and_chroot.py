# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Changes its root folder. Right only if the kernel does it.

import ctypes
import os

libc = ctypes.CDLL(None)
PIVOT_ROOT = 155 if os.uname().machine == "x86_64" else 41
CHROOT = 161 if os.uname().machine == "x86_64" else 51


def moved():
    return libc.syscall(ctypes.c_long(CHROOT), b"/tmp") == 0 or libc.syscall(ctypes.c_long(PIVOT_ROOT), b"/tmp", b"/tmp") == 0


allowed = moved()


def add(a, b):
    return a + b if allowed else a - b
