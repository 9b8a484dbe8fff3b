"""From a freshly forked process to a jailed one: the steps every program goes through before its first instruction.

What can be done before the fork is done there (`prepare`, in the zygote, undone by `leave`): after it, every page that
Python touches is copied, and those copies are the main cost of a verdict.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from typing import Any

from assay.sandbox import kernel, landlock, seccomp

WORK = "/tmp/work"
_PER_PROGRAM = kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC


class Jail:
    """How one zygote jails its children, fixed when the zygote starts.

    own_namespaces: (kind, descriptor) of the namespaces to return to after each fork; empty where there are none.
    proc: whether a /proc can be mounted.
    drop_to: uid and gid to take on in the child, None where the zygote already has them.
    readable: paths that Landlock leaves readable where there are no namespaces; None for no Landlock either.
    """

    def __init__(
        self,
        own_namespaces: tuple[tuple[int, int], ...],
        proc: bool,
        drop_to: int | None,
        readable: list[str] | None,
    ) -> None:
        self.own_namespaces, self.proc, self.drop_to, self.readable = own_namespaces, proc, drop_to, readable
        self._install: dict[bool, Callable[[], None]] = {}
        if own_namespaces:
            for may_exec in (True, False):
                self._install[may_exec] = seccomp.installer(seccomp.last_filter(may_exec=may_exec))
        self._rlimits: list[tuple[int, tuple[int, int]]] = []
        self._rlimits_for: object = None

    def prepare(self, limits: dict[str, Any], address_space: bool, folder: str) -> None:
        """In the zygote, before the fork: make the child's namespaces and its private directory. Raises OSError."""
        if self.own_namespaces:
            kernel.unshare(_PER_PROGRAM)
            size = f"size={limits['file_bytes']},nr_inodes={limits['files']},mode=1777"
            kernel.mount("tmpfs", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, size)
            folder = WORK
            os.mkdir(folder, 0o777)
        if self.drop_to is not None:
            os.chown(folder, self.drop_to, self.drop_to)
        os.chdir(folder)
        if (limits, address_space) != self._rlimits_for:
            self._rlimits_for = (limits, address_space)
            cpu = int(limits["cpu_s"]) + 2
            self._rlimits = [
                (resource.RLIMIT_CPU, (cpu, cpu + 1)),
                (resource.RLIMIT_FSIZE, (limits["largest_file_bytes"],) * 2),
                (resource.RLIMIT_NPROC, (limits["processes"] + 2,) * 2),
                (resource.RLIMIT_NOFILE, (256, 256)),
                (resource.RLIMIT_CORE, (0, 0)),
            ]
            if address_space:
                self._rlimits.append((resource.RLIMIT_AS, (limits["memory_bytes"],) * 2))

    def leave(self) -> None:
        """In the zygote, after the fork: return to its own namespaces. Raises OSError."""
        for kind, fd in self.own_namespaces:
            kernel.setns(fd, kind)
        os.chdir("/")

    def enter(self, may_exec: bool, with_proc: bool, folder: str) -> None:
        """In the child: give up every right. Descriptors must be in place already. Raises OSError."""
        os.setsid()
        if with_proc and self.proc:
            kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
        if self.drop_to is not None:
            os.setgroups([])
            os.setresgid(self.drop_to, self.drop_to, self.drop_to)
            os.setresuid(self.drop_to, self.drop_to, self.drop_to)
        for kind, pair in self._rlimits:
            resource.setrlimit(kind, pair)
        if self.readable is not None and not self.own_namespaces:
            landlock.restrict(self.readable, [folder])
        kernel.drop_capabilities()
        if self._install:
            self._install[may_exec]()
        else:
            seccomp.installer(seccomp.last_filter(may_exec=may_exec, own_pid=os.getpid()))()
