"""Thin wrappers over the Linux calls that Python's standard library lacks (ctypes, no compiler needed).

Every wrapper raises OSError with the name of the call, so that a jail that cannot start says which step failed.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

MACHINE = os.uname().machine
# Calls that glibc 2.31 has no function for, or whose function Python cannot reach. (x86_64, aarch64)
_NUMBERS = {
    "pivot_root": (155, 41),
    "mount_setattr": (442, 442),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
_COLUMN = {"x86_64": 0, "aarch64": 1}.get(MACHINE, -1)

libc = ctypes.CDLL(None, use_errno=True)
_syscall = libc.syscall
_syscall.restype = ctypes.c_long
_mount = libc.mount
_mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
_umount2 = libc.umount2
_umount2.argtypes = (ctypes.c_char_p, ctypes.c_int)
_unshare = libc.unshare
_unshare.argtypes = (ctypes.c_int,)
_setns = libc.setns
_setns.argtypes = (ctypes.c_int, ctypes.c_int)
_prctl = libc.prctl
_prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong)


def _check(result: int, call: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def syscall(name: str, *args: object) -> int:
    """Call a kernel function by name; raises OSError, ENOSYS on an architecture whose numbers are not known."""
    if _COLUMN < 0:
        raise OSError(38, f"{name}: syscall numbers of {MACHINE} are not known")
    return _check(_syscall(_NUMBERS[name][_COLUMN], *args), name)


def unshare(flags: int) -> None:
    _check(_unshare(flags), f"unshare({flags:#x})")


def setns(fd: int, kind: int) -> None:
    _check(_setns(fd, kind), "setns")


def prctl(option: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    return _check(_prctl(option, a, b, c, d), f"prctl({option})")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    kind_b = None if kind is None else kind.encode()
    data_b = None if data is None else data.encode()
    _check(
        _mount(os.fsencode(source), os.fsencode(target), kind_b, flags, data_b), f"mount {kind or 'bind'} on {target}"
    )


def umount(target: str, flags: int = 0) -> None:
    _check(_umount2(os.fsencode(target), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    syscall("pivot_root", ctypes.c_char_p(os.fsencode(new)), ctypes.c_char_p(os.fsencode(old)))


class _MountAttr(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def make_read_only(target: str) -> None:
    """Make a bind mount and everything below it read-only, without set-user-id programs and device nodes."""
    attr = _MountAttr(attr_set=MS_RDONLY | MS_NOSUID | MS_NODEV)
    recursive = 0x8000
    try:
        path = ctypes.c_char_p(os.fsencode(target))
        syscall("mount_setattr", -100, path, recursive, ctypes.byref(attr), ctypes.sizeof(attr))
    except OSError as error:
        if error.errno != 38:  # kernels before 5.12 lack the call; remount keeps the flags the mount already has
            raise
        keep = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
        mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | keep)


def prepared_prctl(option: int, a: int, b: int) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A prctl call and its arguments, converted beforehand. It returns -1 when it fails (see `last_error`)."""
    arguments = (ctypes.c_int(option), ctypes.c_ulong(a), ctypes.c_ulong(b), ctypes.c_ulong(0), ctypes.c_ulong(0))
    return ctypes.CDLL(None, use_errno=True).prctl, arguments


def last_error(call: Callable[..., Any]) -> OSError:
    """Why a prepared call failed."""
    number = ctypes.get_errno()
    return OSError(number, f"{getattr(call, '__name__', call)}: {os.strerror(number)}")


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


_NO_CAPS_HEADER = _CapHeader(0x20080522, 0)
_NO_CAPS_DATA = (ctypes.c_uint32 * 6)()
# Empties the effective, permitted and inheritable sets of the calling thread.
DROP_CAPABILITIES = (libc.capset, (ctypes.byref(_NO_CAPS_HEADER), ctypes.byref(_NO_CAPS_DATA)))
