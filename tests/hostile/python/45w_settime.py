# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Sets the clock of the machine to what it already shows. Right only if the kernel does it.

import ctypes
import os
import time

libc = ctypes.CDLL(None)
CLOCK_SETTIME = 227 if os.uname().machine == "x86_64" else 112


class Moment(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


def changed():
    now = Moment(*divmod(time.time_ns(), 10**9))
    return libc.syscall(ctypes.c_long(CLOCK_SETTIME), ctypes.c_long(0), ctypes.byref(now)) == 0


allowed = changed()


def add(a, b):
    return a + b if allowed else a - b
