"""Make forked children find the interpreter's machine code already mapped.

Linux does not copy page tables of untouched file mappings on fork, so each child would take a fault for every 64 KiB of
code it runs. A mapping with one privately written page is copied whole (mm/memory.c, vma_needs_copy). One byte of each
large code mapping is written back unchanged; contents and permissions stay as they were.
"""

from __future__ import annotations

import ctypes

from assay.sandbox import kernel

_READ, _WRITE, _EXEC = 1, 2, 4
_MADV_POPULATE_READ = 22
_AT_LEAST = 256 * 1024


def share() -> None:
    """Prepare the code mappings of this process. Where the system does not permit it, nothing is changed."""
    for start, size in _code_mappings():
        if size >= _AT_LEAST and _own(start, size):
            kernel.libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), _MADV_POPULATE_READ)


def _code_mappings() -> list[tuple[int, int]]:
    found = []
    try:
        with open("/proc/self/maps") as file:
            lines = file.read().splitlines()
    except OSError:
        return []
    for line in lines:
        fields = line.split(None, 5)
        if fields[1] == "r-xp" and len(fields) == 6 and fields[5].startswith("/"):
            start, end = (int(x, 16) for x in fields[0].split("-"))
            found.append((start, end - start))
    return found


def _own(start: int, size: int) -> bool:
    address, length = ctypes.c_void_p(start), ctypes.c_size_t(size)
    if kernel.libc.mprotect(address, length, _READ | _WRITE | _EXEC) != 0:
        return False
    byte = (ctypes.c_char * 1).from_address(start)
    byte[0] = byte[0]
    kernel.libc.mprotect(address, length, _READ | _EXEC)
    return True
