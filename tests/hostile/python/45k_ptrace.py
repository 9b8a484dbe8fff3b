# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Asks to be traced, the first step to control another process. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
PTRACE = 101 if os.uname().machine == "x86_64" else 117
TRACEME = 0


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(PTRACE, TRACEME, 0, 0, 0)


def add(a, b):
    return a + b if allowed else a - b
