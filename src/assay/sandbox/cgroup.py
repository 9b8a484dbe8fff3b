"""Memory and process limits for a whole jail through a control group, v2 or v1, where one is writable."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

_V2_ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
_counter = 0


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _own_path(controller: str) -> str:
    """This process's path in a v1 hierarchy, or in v2 when controller is ""."""
    for line in _read("/proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            return path
    return "/"


class Group:
    """One group for one zygote and the programs it runs. Limits are rewritten only when they change."""

    def __init__(self, folders: dict[str, str], v2: bool) -> None:
        self._folders = folders
        self._v2 = v2
        self._limits: tuple[int, int] = (0, 0)
        self._oom_fd = self._open("memory", "memory.events" if v2 else "memory.oom_control")
        self._pids_fd = self._open("pids", "pids.events")
        self._oom_seen = self._pids_seen = 0

    def _open(self, controller: str, name: str) -> int:
        folder = self._folders.get(controller)
        if folder is None:
            return -1
        try:
            return os.open(f"{folder}/{name}", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return -1

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(f"cgroup-{name}" for name in sorted(self._folders))

    def add(self, pid: int) -> None:
        """Move a process (with all it will start) into the group. Raises OSError."""
        for folder in set(self._folders.values()):
            _write(f"{folder}/cgroup.procs", str(pid))

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set the limits of everything in the group. Raises OSError."""
        if (memory_bytes, processes) == self._limits:
            return
        memory, pids = self._folders.get("memory"), self._folders.get("pids")
        if memory:
            files = ["memory.max"] if self._v2 else ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]
            if self._v2:
                with contextlib.suppress(OSError):
                    _write(f"{memory}/memory.swap.max", "0")
            elif not os.path.exists(f"{memory}/memory.memsw.limit_in_bytes"):
                files.pop()
            # memory must never be above memory + swap on the way, so the order depends on the direction
            for name in files if memory_bytes < self._limits[0] or not self._limits[0] else reversed(files):
                _write(f"{memory}/{name}", str(memory_bytes))
        if pids:
            _write(f"{pids}/pids.max", str(processes))
        self._limits = (memory_bytes, processes)

    def _count(self, fd: int, key: bytes) -> int:
        if fd < 0:
            return 0
        for line in os.pread(fd, 4096, 0).splitlines():
            name, _, value = line.partition(b" ")
            if name == key:
                return int(value)
        return 0

    def events(self) -> tuple[bool, bool]:
        """Whether memory ran out, and whether a process was refused, since the last call."""
        oom = self._count(self._oom_fd, b"oom_kill")
        pids = self._count(self._pids_fd, b"max")
        result = (oom > self._oom_seen, pids > self._pids_seen)
        self._oom_seen, self._pids_seen = oom, pids
        return result

    def close(self) -> None:
        """Remove the group. Its processes must have ended; a few moments are allowed for the kernel to notice."""
        for fd in (self._oom_fd, self._pids_fd):
            if fd >= 0:
                os.close(fd)
        self._oom_fd = self._pids_fd = -1
        for folder in set(self._folders.values()):
            _remove(folder)
        self._folders = {}


def _candidates() -> Iterator[tuple[dict[str, str], bool]]:
    for root in _V2_ROOTS:
        try:
            available = set(_read(f"{root}/cgroup.controllers").split())
        except OSError:
            continue
        if "memory" in available and "pids" in available:
            yield {"memory": root + _own_path("").rstrip("/"), "pids": root + _own_path("").rstrip("/")}, True
    found = {}
    for name in ("memory", "pids"):
        folder = f"/sys/fs/cgroup/{name}"
        if os.path.exists(f"{folder}/cgroup.procs"):
            found[name] = folder + _own_path(name).rstrip("/")
    if found:
        yield found, False


def remove_leftovers() -> None:
    """Remove groups whose maker was killed: their name holds the pid of a process that is gone."""
    for parents, v2 in _candidates():
        for parent in set(parents.values()):
            for base in (parent, os.path.dirname(parent)) if v2 else (parent,):
                _remove_leftovers_in(base)


def _remove_leftovers_in(base: str) -> None:
    with contextlib.suppress(OSError):
        for name in os.listdir(base):
            parts = name.split("-")
            if (
                len(parts) == 3
                and parts[0] == "assay"
                and parts[1].isdigit()
                and not os.path.exists(f"/proc/{parts[1]}")
            ):
                _remove(f"{base}/{name}")


def _remove(folder: str) -> None:
    """Remove a group. Its processes have been killed; the kernel is given a moment to notice."""
    for _ in range(100):
        try:
            os.rmdir(folder)
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.01)


def create() -> Group | None:
    """A new group below this process's own, or None where no hierarchy is writable.

    With v2 the parent must hand down its controllers, which a parent with processes of its own may not do; the group is
    then made beside this process's group.
    """
    global _counter
    if not _counter:
        remove_leftovers()
    _counter += 1
    name = f"assay-{os.getpid()}-{_counter}"
    for parents, v2 in _candidates():
        for up in (0, 1) if v2 else (0,):
            folders: dict[str, str] = {}
            for controller, parent in parents.items():
                base = os.path.dirname(parent) if up else parent
                folder = f"{base}/{name}"
                try:
                    os.makedirs(folder, exist_ok=True)
                    probe = {"memory": "memory.max" if v2 else "memory.limit_in_bytes", "pids": "pids.max"}[controller]
                    if os.access(f"{folder}/{probe}", os.W_OK) and os.access(f"{folder}/cgroup.procs", os.W_OK):
                        folders[controller] = folder
                    else:
                        os.rmdir(folder)
                except OSError:
                    continue
            if folders:
                return Group(folders, v2)
    return None
