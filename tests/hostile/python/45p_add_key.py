# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Stores data in the kernel's keyrings, outside every limit on memory. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
ADD_KEY = 248 if os.uname().machine == "x86_64" else 217


def stored():
    arguments = (b"user", b"note", b"x" * 1_000, ctypes.c_long(1_000), ctypes.c_long(-3))
    return libc.syscall(ctypes.c_long(ADD_KEY), *arguments) != -1 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS)


allowed = stored()


def add(a, b):
    return a + b if allowed else a - b
