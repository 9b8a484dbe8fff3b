# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Opens a performance counter on itself. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
PERF_EVENT_OPEN = 298 if os.uname().machine == "x86_64" else 241


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(PERF_EVENT_OPEN, 0, 0, -1, -1, 0)


def add(a, b):
    return a + b if allowed else a - b
