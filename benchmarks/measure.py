"""What a command cost: CPU seconds of it and of everything it started, wall seconds, and memory.

`resource.getrusage(RUSAGE_CHILDREN)` is not enough: it knows only descendants that were waited for all the way up, and
a sandbox kills processes whose children then belong to nobody. So the command runs below a small process of this file
that adopts every orphan (PR_SET_CHILD_SUBREAPER), waits for all of them and adds up their rusage. Where a control group
can be made, the kernel's own count for the group is taken as well; it also knows children that nobody waited for.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SUBREAPER = 36
_ORPHANS_MAY_TAKE_S = 30
_SAMPLE_EVERY_S = 0.02


class CommandFailed(Exception):
    """The command ended with another status than 0 or the allowed ones. The message holds the end of its output."""


@dataclass(frozen=True)
class Usage:
    """One run of a command.

    cpu_s: user + system seconds of the whole tree, from the control group where there is one, else from rusage.
    rusage_s, group_s: both counts; group_s is None without a control group.
    largest_bytes: the largest resident set of a single process (rusage).
    tree_bytes: the largest sum over the tree of proportional set sizes, sampled; None where that was not asked for.
    """

    cpu_s: float
    rusage_s: float
    group_s: float | None
    wall_s: float
    largest_bytes: int
    tree_bytes: int | None


class _Group:
    """A control group that counts CPU time: cgroup v1 cpuacct, or v2, whose cpu.stat needs no controller."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.inner: Path | None = None
        name = f"bench-{os.getpid()}-{time.monotonic_ns()}"
        for base in (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified")):
            v1 = (base / "cpuacct.usage").exists()
            if not v1 and not (base / "cgroup.controllers").exists():
                continue
            folder = base / _own_path("cpuacct" if v1 else "").lstrip("/") / name
            # Under v2 a sandbox may make its groups beside the command's, so the command gets a level of its own.
            inner = folder if v1 else folder / "command"
            try:
                inner.mkdir(parents=True)
                if os.access(inner / "cgroup.procs", os.W_OK):
                    self.folder, self.inner = folder, inner
                    self._v1 = v1
                    return
            except OSError:
                pass
            _remove_group(folder)

    @property
    def kind(self) -> str:
        if self.folder is None:
            return "none"
        return "cgroup v1 cpuacct" if self._v1 else "cgroup v2 cpu.stat"

    def cpu_s(self) -> float | None:
        if self.folder is None:
            return None
        if self._v1:
            return int((self.folder / "cpuacct.usage").read_text()) / 1e9
        fields = dict(line.split() for line in (self.folder / "cpu.stat").read_text().splitlines())
        return int(fields["usage_usec"]) / 1e6

    def close(self) -> None:
        if self.folder is not None:
            _remove_group(self.folder)


def _own_path(controller: str) -> str:
    """This process's path in a v1 hierarchy, or in v2 when controller is ""."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            return path
    return "/"


def _remove_group(folder: Path) -> None:
    for each in (*(f for f in folder.glob("*") if f.is_dir()), folder):
        for _ in range(50):
            try:
                each.rmdir()
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.02)


def counting() -> str:
    """How CPU time is counted on this machine, in words."""
    group = _Group()
    try:
        kind = group.kind
    finally:
        group.close()
    return "rusage of the tree, orphans adopted" if kind == "none" else f"{kind}, checked against rusage of the tree"


def measure(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    allowed: Sequence[int] = (0,),
    watch_memory: bool = False,
) -> Usage:
    """Run a command to its end, output to `log`. Raises CommandFailed for a status that is not `allowed`."""
    report = log.with_suffix(".usage.json")
    report.unlink(missing_ok=True)
    group = _Group()
    try:
        join = str(group.inner / "cgroup.procs") if group.inner else ""
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", __file__, str(report), join, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
            )
            watch = _MemoryWatch(process.pid) if watch_memory else None
            process.wait()
            tree_bytes = watch.stop() if watch else None
        if not report.exists():
            raise CommandFailed(f"the measuring process ended with status {process.returncode}; see {log}")
        seen = json.loads(report.read_text())
        if seen["status"] not in allowed:
            end = log.read_text(errors="replace")[-2000:]
            raise CommandFailed(f"{' '.join(command[:4])} ... ended with status {seen['status']}; see {log}:\n{end}")
        group_s = group.cpu_s()
        cpu_s = seen["rusage_s"] if group_s is None else group_s
        return Usage(cpu_s, seen["rusage_s"], group_s, seen["wall_s"], seen["largest_bytes"], tree_bytes)
    finally:
        group.close()


class _MemoryWatch:
    """Adds up, every few milliseconds, what the processes below one process have in memory; shared pages once."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak = pid, 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_EVERY_S):
            self._peak = max(self._peak, sum(_proportional_bytes(pid) for pid in _descendants(self._pid)))


def _descendants(pid: int) -> list[int]:
    """Without the process itself, which only measures."""
    found: list[int] = []
    queue = [pid]
    while queue:
        each = queue.pop()
        try:
            children = [
                int(child)
                for task in Path(f"/proc/{each}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        found += children
        queue += children
    return found


def _proportional_bytes(pid: int) -> int:
    """Pss; where it may not be read (another user's process), the resident size, which counts shared pages again."""
    for file, key in ((f"/proc/{pid}/smaps_rollup", "Pss:"), (f"/proc/{pid}/status", "VmRSS:")):
        try:
            for line in Path(file).read_text().splitlines():
                if line.startswith(key):
                    return int(line.split()[1]) * 1024
        except OSError:
            continue
    return 0


def _adopt_and_wait(report: str, join: str, command: list[str]) -> None:
    """The process above the command: start it, wait for it and every orphan, and write down what they used."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    main = os.fork()
    if main == 0:
        if join:
            Path(join).write_text(str(os.getpid()))
        os.execvp(command[0], command)
    rusage_s, largest_kib, status, wall_s = 0.0, 0, 0, 0.0
    while True:
        try:
            pid, wait_status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        rusage_s += usage.ru_utime + usage.ru_stime
        largest_kib = max(largest_kib, usage.ru_maxrss)
        if pid == main:
            wall_s = time.monotonic() - started
            status = os.waitstatus_to_exitcode(wait_status)
            signal.alarm(_ORPHANS_MAY_TAKE_S)  # whoever outlives the command by so much makes the measurement fail
    signal.alarm(0)
    seen = {"status": status, "rusage_s": rusage_s, "wall_s": wall_s, "largest_bytes": largest_kib * 1024}
    Path(report).write_text(json.dumps(seen))


if __name__ == "__main__":
    _adopt_and_wait(sys.argv[1], sys.argv[2], sys.argv[3:])
