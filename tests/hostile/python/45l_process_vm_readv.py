# hostile: 45
# task: add
# verdict: wrong_answer | forbidden
# why: Reads the memory of process 1 or of its parent with process_vm_readv. Right only if the kernel does it.

import ctypes
import os

libc = ctypes.CDLL(None)
PROCESS_VM_READV = 310 if os.uname().machine == "x86_64" else 270
buffer = ctypes.create_string_buffer(8)
here = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)


def read(pid):
    numbers = (ctypes.c_long(PROCESS_VM_READV), ctypes.c_long(pid), here, ctypes.c_long(1), here, ctypes.c_long(1))
    return libc.syscall(*numbers, ctypes.c_long(0)) == 8


allowed = any(read(pid) for pid in {1, os.getppid()} - {0, os.getpid()})


def add(a, b):
    return a + b if allowed else a - b
