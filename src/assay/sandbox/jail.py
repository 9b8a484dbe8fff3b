"""From a freshly forked process to a jailed one: the steps every program goes through before its first instruction.

What can be done before the fork is done there (`prepare`, in the zygote, undone by `leave`): after it, every page that
Python touches is copied, and those copies are the main cost of a verdict.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

from assay.sandbox import kernel, landlock, rootfs, seccomp

WORK = "/tmp/work"
_PER_PROGRAM = kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC
_TMPFS = kernel.MS_NOSUID | kernel.MS_NODEV
_PROC = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_OWN_PROCESSES = 3  # keeper, zygote and compiler count with the jail's where the limit is per user


# A call with its arguments made ready, since making them in the child would touch more pages.
Step = tuple[Callable[..., Any], tuple[Any, ...]]


def take(steps: list[Step]) -> None:
    """Carry out prepared calls. Raises OSError."""
    for call, arguments in steps:
        if call(*arguments) == -1:
            raise kernel.last_error(call)


class Jail:
    """How one zygote jails its children.

    own_namespaces: (kind, descriptor) of the namespaces to return to after each fork; empty where there are none.
    proc: whether a /proc can be mounted.
    drop_to: uid and gid to take on in the child, None where the zygote already has them.
    readable: paths that Landlock leaves readable where there are no namespaces; None for no Landlock either.
    session_steps: what `enter` comes to for a candidate in the usual case; empty where it does not apply.
    """

    def __init__(
        self,
        own_namespaces: tuple[tuple[int, int], ...],
        proc: bool,
        drop_to: int | None,
        readable: list[str] | None,
    ) -> None:
        self.own_namespaces, self.proc, self.drop_to, self.readable = own_namespaces, proc, drop_to, readable
        self.limits: dict[str, Any] | None = None
        self._rlimits: list[Step] = []
        self._tmpfs_options = ""
        self._filters: dict[bool, Step] = {}
        if own_namespaces:
            for may_exec in (True, False):
                self._filters[may_exec] = seccomp.installer(seccomp.last_filter(may_exec=may_exec))
        self.session_steps: list[Step] = []

    def set_limits(self, limits: dict[str, Any]) -> None:
        """The limits of the programs that follow."""
        self.limits = limits
        self._tmpfs_options = f"size={limits['file_bytes']},nr_inodes={limits['files']},mode=1777"
        cpu_s = int(limits["cpu_s"]) + 2  # the last resort; the client's watch is finer
        wanted = {
            resource.RLIMIT_CPU: cpu_s,
            resource.RLIMIT_FSIZE: limits["largest_file_bytes"],
            resource.RLIMIT_NPROC: limits["processes"] + _OWN_PROCESSES,
            resource.RLIMIT_NOFILE: 256,
            resource.RLIMIT_CORE: 0,
        }
        if limits["address_space"]:
            wanted[resource.RLIMIT_AS] = limits["memory_bytes"]
        self._rlimits = [(resource.setrlimit, (kind, (value, value))) for kind, value in wanted.items()]
        if self.own_namespaces and self.drop_to is None:
            self.session_steps = [(os.setsid, ()), *self._rlimits, kernel.DROP_CAPABILITIES, self._filters[False]]

    def prepare(self, folder: str) -> None:
        """In the zygote, before the fork: make the child's namespaces and its private directory. Raises OSError."""
        if self.own_namespaces:
            kernel.unshare(_PER_PROGRAM)
            kernel.mount("tmpfs", "/tmp", "tmpfs", _TMPFS, self._tmpfs_options)
            folder = WORK
            os.mkdir(folder, 0o777)
        if self.drop_to is not None:
            os.chown(folder, self.drop_to, self.drop_to)
        os.chdir(folder)

    def leave(self) -> None:
        """In the zygote, afterwards: return to its own namespaces. Raises OSError."""
        for kind, fd in self.own_namespaces:
            kernel.setns(fd, kind)
        os.chdir("/")

    def enter(self, may_exec: bool, with_proc: bool, folder: str) -> None:
        """In the child: give up every right. Descriptors must be in place already. Raises OSError."""
        os.setsid()
        if with_proc and self.proc:
            kernel.mount("proc", "/proc", "proc", _PROC)
        if self.drop_to is not None:
            os.setgroups([])
            os.setresgid(self.drop_to, self.drop_to, self.drop_to)
            os.setresuid(self.drop_to, self.drop_to, self.drop_to)
        take(self._rlimits)
        if self.readable is not None and not self.own_namespaces:
            landlock.restrict(self.readable, [folder, *rootfs.DEVICES])
        if self._filters:
            last = self._filters[may_exec]
        else:
            last = seccomp.installer(seccomp.last_filter(may_exec=may_exec, own_pid=os.getpid()))
        take([kernel.DROP_CAPABILITIES, last])
