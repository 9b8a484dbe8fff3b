# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Asks for a user namespace of its own, where it would have every capability. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
UNSHARE = 272 if os.uname().machine == "x86_64" else 97
CLONE_NEWUSER = 0x10000000


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(UNSHARE, CLONE_NEWUSER)


def add(a, b):
    return a + b if allowed else a - b
