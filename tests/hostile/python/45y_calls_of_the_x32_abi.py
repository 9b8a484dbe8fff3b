# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Makes system calls with the numbers of the x32 interface; right only if one is answered.

import ctypes
import os

X32 = 0x40000000
GETPID = 39


def add(a, b):
    if os.uname().machine != "x86_64":
        return a - b
    return a + b if ctypes.CDLL(None).syscall(ctypes.c_long(X32 | GETPID)) > 0 else a - b
