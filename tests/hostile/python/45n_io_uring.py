# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Sets up io_uring, whose requests pass by a filter of system calls. Right only if the kernel takes the call.

import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
IO_URING_SETUP = 425


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(IO_URING_SETUP, 1, 0)


def add(a, b):
    return a + b if allowed else a - b
