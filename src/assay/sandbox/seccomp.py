"""Seccomp filters, assembled here as classic BPF so that no library or compiler is needed.

Two answers are given. Calls that no program under test has business with end the process (SIGSYS, verdict
`forbidden`). Calls that honest runtimes probe and do without get EPERM or ENOSYS. What is not named is allowed:
the namespaces are the wall, this filter shrinks the kernel behind it. Numbers: Linux arch/x86/entry/syscalls and
include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from typing import Any

from assay.sandbox import kernel

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97

# name: (x86_64, aarch64); None where the architecture lacks the call.
KILLED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "open_by_handle_at": (304, 265),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "lookup_dcookie": (212, 18),
    "quotactl": (179, 60),
    "vhangup": (153, 58),
    "syslog": (103, 116),
}
LAST = ("mount", "unshare", "setns")
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "name_to_handle_at": (303, 264),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "fanotify_init": (300, 262),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "mlockall": (151, 230),
    "mq_open": (240, 180),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
}
# Landlock does not control these, so where it is all there is, programs do without them.
BEYOND_LANDLOCK: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}
MISSING: dict[str, tuple[int | None, int | None]] = {
    # clone3 hides its flags behind a pointer that a filter cannot read; glibc falls back to clone.
    "clone3": (435, 435),
    # memory that belongs to no process: the out-of-memory killer would end the wrong one
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
SIGNALS: dict[str, tuple[int | None, int | None]] = {
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
}
# Calls on a process named by an argument, and which argument that is: only on itself.
ON_A_PROCESS: dict[str, tuple[int, int, int]] = {
    "prlimit64": (302, 261, 0),
    "sched_setaffinity": (203, 122, 0),
    "sched_setscheduler": (144, 119, 0),
    "sched_setparam": (142, 118, 0),
    "sched_setattr": (314, 274, 0),
    "setpriority": (141, 140, 1),
    "ioprio_set": (251, 30, 1),
}
_FCNTL = (72, 25)
_SET_OWNER = (8, 15)  # F_SETOWN and F_SETOWN_EX: have the kernel signal somebody
_CLONE = (56, 220)
_SOCKET = (41, 198)
_EXECVE = ((59, 221), (322, 281))
_IOCTL = (16, 29)
_NAMESPACE_FLAGS = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | 0x02000000  # CLONE_NEWCGROUP
    | 0x00000080  # CLONE_NEWTIME
)


def _stmt(code: int, k: int) -> bytes:
    return struct.pack("HBBI", code, 0, 0, k)


def _jump(code: int, k: int, yes: int, no: int) -> bytes:
    return struct.pack("HBBI", code, yes, no, k)


_LOAD, _RET, _JEQ, _JGE, _JSET = 0x20, 0x06, 0x15, 0x35, 0x45
_NR, _ARCH_OFFSET, _ARG0_LOW, _ARG1_LOW = 0, 4, 16, 24


def _rule(number: int | None, answer: int) -> bytes:
    if number is None:
        return b""
    return _jump(_JEQ, number, 0, 1) + _stmt(_RET, answer)


def _argument_rule(number: int | None, offset: int, tests: bytes) -> bytes:
    """`tests` runs with the argument in the accumulator and must end in a return; the number is loaded again after."""
    if number is None:
        return b""
    body = _stmt(_LOAD, offset) + tests
    return _jump(_JEQ, number, 0, len(body) // 8) + body


def _head() -> bytes:
    code = _stmt(_LOAD, _ARCH_OFFSET) + _jump(_JEQ, _ARCH[kernel.MACHINE], 1, 0) + _stmt(_RET, _KILL)
    code += _stmt(_LOAD, _NR)
    if kernel.MACHINE == "x86_64":  # the x32 table reaches the same calls under other numbers
        code += _jump(_JGE, 0x40000000, 0, 1) + _stmt(_RET, _KILL)
    return code


def base_filter(*, namespaces: bool) -> bytes:
    """What the zygote itself gives up, once, for all its children.

    namespaces: it has a mount and a network namespace of its own, so that AF_UNIX sockets and changes to the metadata
    of files harm nobody.
    Raises KeyError on an architecture whose call numbers are not known.
    """
    column = 0 if kernel.MACHINE == "x86_64" else 1
    code = _head()
    for name, numbers in KILLED.items():
        if name not in LAST:
            code += _rule(numbers[column], _KILL)
    for numbers in (REFUSED if namespaces else REFUSED | BEYOND_LANDLOCK).values():
        code += _rule(numbers[column], _ERRNO | _EPERM)
    for numbers in MISSING.values():
        code += _rule(numbers[column], _ERRNO | _ENOSYS)
    new_namespaces = _jump(_JSET, _NAMESPACE_FLAGS, 0, 1) + _stmt(_RET, _KILL) + _stmt(_RET, _ALLOW)
    code += _argument_rule(_CLONE[column], _ARG0_LOW, new_namespaces)
    refuse = _stmt(_RET, _ERRNO | _EPERM)
    if namespaces:
        family = _jump(_JEQ, 1, 0, 1) + _stmt(_RET, _ALLOW) + refuse
        code += _argument_rule(_SOCKET[column], _ARG0_LOW, family)
    else:
        code += _rule(_SOCKET[column], _ERRNO | _EPERM)
    code += _argument_rule(_IOCTL[column], _ARG1_LOW, _jump(_JEQ, 0x5412, 0, 1) + refuse + _stmt(_RET, _ALLOW))
    return code + _stmt(_RET, _ALLOW)


def last_filter(*, may_exec: bool, own_pid: int | None = None) -> bytes:
    """What each child gives up on top: the calls the zygote needs to make jails. Kept short, it is built per program.

    may_exec: whether the program may start other programs.
    own_pid: where there is no pid namespace, the only process (besides its own group, 0) that may be signalled.
    """
    column = 0 if kernel.MACHINE == "x86_64" else 1
    code = _head()
    for name in LAST:
        code += _rule(KILLED[name][column], _KILL)
    if not may_exec:
        for pair in _EXECVE:
            code += _rule(pair[column], _ERRNO | _EPERM)
    if own_pid is not None:
        refuse = _stmt(_RET, _ERRNO | _EPERM)
        mine = _jump(_JEQ, own_pid, 0, 1) + _stmt(_RET, _ALLOW)
        group = _jump(_JEQ, 0, 0, 1) + _stmt(_RET, _ALLOW)
        for name, numbers in SIGNALS.items():
            if name in ("kill", "tgkill"):
                code += _argument_rule(numbers[column], _ARG0_LOW, mine + (group if name == "kill" else b"") + refuse)
            else:
                code += _rule(numbers[column], _ERRNO | _EPERM)
        for *both, argument in ON_A_PROCESS.values():
            code += _argument_rule(both[column], (_ARG0_LOW, _ARG1_LOW)[argument], mine + group + refuse)
        owner = b"".join(_jump(_JEQ, command, 0, 1) + refuse for command in _SET_OWNER) + _stmt(_RET, _ALLOW)
        code += _argument_rule(_FCNTL[column], _ARG1_LOW, owner)
    return code + _stmt(_RET, _ALLOW)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


_keep: list[object] = []  # what installed or prepared filters point to must live as long as the process


def installer(code: bytes) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A prepared call that filters the calling thread and all it starts. It needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    _keep.append((buffer, program))
    return kernel.prepared_prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(program))
