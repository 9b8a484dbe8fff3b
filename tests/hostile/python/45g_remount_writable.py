# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Makes the read-only root writable again. Right only if the kernel does it.

import ctypes
import os

libc = ctypes.CDLL(None)
MOUNT = 165 if os.uname().machine == "x86_64" else 40
MS_REMOUNT, MS_BIND = 32, 4096


def mounted():
    arguments = (b"none", b"/", None, ctypes.c_long(MS_REMOUNT | MS_BIND), None)
    return libc.syscall(ctypes.c_long(MOUNT), *arguments) == 0


allowed = mounted()


def add(a, b):
    return a + b if allowed else a - b
