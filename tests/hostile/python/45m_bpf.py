# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Loads a program into the kernel with bpf. Right only if the kernel takes the call.

import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
BPF = 321 if os.uname().machine == "x86_64" else 280


def reached(*arguments):
    """True if the kernel looked at the call at all, whatever it then thought of the arguments."""
    result = libc.syscall(*(ctypes.c_long(value) for value in arguments))
    return result != -1 or ctypes.get_errno() not in (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT)


allowed = reached(BPF, 0, 0, 0)


def add(a, b):
    return a + b if allowed else a - b
