"""Memory that tensors let go stays with the process, for the next tensors."""

from __future__ import annotations

import ctypes
import platform

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of malloc.h
_LARGEST_KEPT = 1 << 30


def keep_freed_memory() -> None:
    """Have glibc keep what is freed instead of giving it back to the kernel; elsewhere nothing changes.

    A step of training or of writing texts allocates the same large tensors again and again. Given back, they come as
    fresh pages, each of which the kernel clears and maps, while all threads wait: a sixth of a small network's step,
    and a fifth of the time that texts take with two threads (docs/LOG.md).
    The price is a larger process, by what the step's tensors leave between each other.
    Source: mallopt(3).
    """
    if platform.libc_ver()[0] != "glibc":
        return
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT)
    libc.mallopt(_M_TRIM_THRESHOLD, 2 * _LARGEST_KEPT - 1)  # the largest int
