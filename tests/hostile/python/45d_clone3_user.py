# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Starts a child in a new user namespace with clone3, whose arguments a filter cannot read. Right only if the kernel does it.

import ctypes
import os

libc = ctypes.CDLL(None)
CLONE3 = 435
EXIT = 60 if os.uname().machine == "x86_64" else 93
CLONE_NEWUSER = 0x10000000
SIGCHLD = 17
request = (ctypes.c_uint64 * 8)(CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0)


def cloned():
    pid = libc.syscall(ctypes.c_long(CLONE3), ctypes.byref(request), ctypes.c_size_t(64))
    if pid == 0:
        libc.syscall(ctypes.c_long(EXIT), ctypes.c_long(0))
    return pid > 0


allowed = cloned()


def add(a, b):
    return a + b if allowed else a - b
