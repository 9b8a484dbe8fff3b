# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Enters the network namespace of process 1. Right only if the kernel does it.

import ctypes
import os

libc = ctypes.CDLL(None)
SETNS = 308 if os.uname().machine == "x86_64" else 268


def entered():
    try:
        door = os.open("/proc/1/ns/net", os.O_RDONLY)
    except OSError:
        return False
    return libc.syscall(ctypes.c_long(SETNS), ctypes.c_long(door), ctypes.c_long(0)) == 0


allowed = entered()


def add(a, b):
    return a + b if allowed else a - b
