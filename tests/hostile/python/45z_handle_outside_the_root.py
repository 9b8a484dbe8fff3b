# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Opens files by handle, which leaves a changed root behind; right only if a handle can be opened.

import ctypes
import os

OPEN_BY_HANDLE = 304 if os.uname().machine == "x86_64" else 265
libc = ctypes.CDLL(None)


class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("data", ctypes.c_ubyte * 8)]


def add(a, b):
    try:
        root = os.open("/", os.O_RDONLY)
    except OSError:
        root = os.open(".", os.O_RDONLY)
    handle = Handle(8, 1, (ctypes.c_ubyte * 8)(2))
    opened = libc.syscall(ctypes.c_long(OPEN_BY_HANDLE), ctypes.c_long(root), ctypes.byref(handle), ctypes.c_long(0))
    return a + b if opened >= 0 else a - b
