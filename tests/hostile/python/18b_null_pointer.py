# hostile: 18
# task: add
# verdict: signalled
# why: Reads address 0 through ctypes; a crash is a crash and not a timeout.

import ctypes


def add(a, b):
    return ctypes.string_at(0)
