"""Landlock: file access rules that need no privilege (Linux 5.13), for machines without namespaces.

Source: Linux Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os

from assay.sandbox import kernel

_READ = (1 << 0) | (1 << 2) | (1 << 3)  # execute, read file, read directory
_ALL_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_FILE_ONLY = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)
_SCOPE_ABSTRACT_UNIX_AND_SIGNAL = 3


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def abi() -> int:
    """The kernel's Landlock version, 0 where it is missing or off."""
    try:
        return kernel.syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), 1)
    except OSError:
        return 0


def restrict(read_only: list[str], read_write: list[str]) -> None:
    """Limit the calling thread and all it starts to these paths; no TCP either, from ABI 4 on. Raises OSError."""
    version = abi()
    handled = _ALL_BY_ABI[min(version, 5)]
    rules = _Ruleset(handled, 3 if version >= 4 else 0, _SCOPE_ABSTRACT_UNIX_AND_SIGNAL if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = kernel.syscall("landlock_create_ruleset", ctypes.byref(rules), ctypes.c_size_t(size), 0)
    try:
        for path, allowed in [(p, _READ) for p in read_only] + [(p, handled) for p in read_write]:
            try:
                fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            try:
                access = allowed & handled
                if not os.path.isdir(path):
                    access &= _FILE_ONLY
                rule = _PathRule(access, fd)
                kernel.syscall("landlock_add_rule", ruleset, 1, ctypes.byref(rule), 0)
            finally:
                os.close(fd)
        kernel.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
