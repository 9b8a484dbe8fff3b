# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Mounts a fresh file system over the root folder. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
MOUNT = 165 if os.uname().machine == "x86_64" else 40


def mounted():
    arguments = (b"none", b"/", b"tmpfs", ctypes.c_long(0), None)
    return libc.syscall(ctypes.c_long(MOUNT), *arguments) == 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS)


allowed = mounted()


def add(a, b):
    return a + b if allowed else a - b
