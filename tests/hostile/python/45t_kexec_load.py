# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Asks to load another kernel, with arguments that are never valid. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
KEXEC_LOAD = 246 if os.uname().machine == "x86_64" else 104


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(KEXEC_LOAD, 0, 0xFFFF, 0, 0xFFFF)


def add(a, b):
    return a + b if allowed else a - b
