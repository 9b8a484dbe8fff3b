"""The client's side of one warm interpreter: start it, hand it programs, read what happened, replace it."""

from __future__ import annotations

import contextlib
import errno
import itertools
import marshal
import mmap
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.sandbox import cgroup, toolchain, wire
from assay.sandbox.compiler import Compiler
from assay.sandbox.program import MIB, Isolation, Limits, Outcome, Status
from assay.sandbox.service import Services
from assay.sandbox.watch import Processes, Watch, explain

# What most programs import is loaded before anything else, so that forked children find it; every further module makes
# each fork dearer. `random` would seed itself from the system in every child; seeded here, verdicts can be repeated.
_BOOT = """
import os, sys
register, os.register_at_fork = os.register_at_fork, lambda **_: None
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random, re, string, typing
os.register_at_fork = register
random.seed({seed})
import _sitebuiltins, builtins  # what `site` would add, which is not run
builtins.exit, builtins.quit = (_sitebuiltins.Quitter(name, "Ctrl-D") for name in ("exit", "quit"))
sys.path.insert(0, {path!r})
from assay.sandbox import zygote
sys.path.pop(0)
zygote.main({control}, {page})
"""
# Above the ids that distributions hand out. Each zygote has its own, since the kernel counts processes by uid.
UID_BASE, UIDS = 64200, 1000
_numbers = itertools.count()


MAX_RESULTS = 512 * MIB
# Errors of a machine that is short of something just now; others say that it does not permit a level.
_PASSING = (errno.EAGAIN, errno.ENOMEM, errno.EBUSY, errno.EMFILE, errno.ENFILE, errno.EINTR)
_PAUSES_S = (0.1, 0.5)  # before another try
_START_WALL_S = 120.0  # it takes a tenth of a second; who has not started by then never will
# Ends that the watch decides on by the time of day, so perhaps too late, on a busy machine.
_BY_THE_CLOCK = (Status.killed, Status.time_limit_wall, Status.time_limit_idle, Status.harness_error)


class SandboxUnavailable(AssayError):
    """This machine cannot jail a program at the level asked for. The message says why and what to do.

    passing: it may be able to in a moment, since it lacked memory or processes, or the interpreter ended unasked.
    """

    def __init__(self, message: str, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class ZygoteDied(Exception):
    """The warm interpreter ended or can start nothing more; whatever ran in it must be judged again."""


@dataclass(frozen=True)
class Level:
    """One way to isolate, tried in order of strength."""

    name: str  # "namespaces", "landlock" or "none"
    user_namespace: bool = False


LEVELS: tuple[Level, ...] = (Level("namespaces", True), Level("namespaces", False), Level("landlock"))


def jail_python() -> str:
    """The interpreter that runs inside the jail: the one below any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _read_only_paths() -> list[str]:
    python = Path(jail_python())
    prefixes = {os.path.realpath(sys.base_prefix), os.path.realpath(sys.base_exec_prefix), str(python.parent)}
    return sorted(path for path in prefixes if not path.startswith("/usr"))


class Zygote:
    """One warm interpreter process at one isolation level. Not thread-safe: one program at a time."""

    def __init__(self, level: Level, hash_seed: int = 0, use_cgroup: bool = True) -> None:
        """Start it. Raises SandboxUnavailable when this machine does not permit the level."""
        self._number = next(_numbers)
        self._scratch = ""
        self.view = toolchain.view(level.name == "namespaces")
        ours, theirs = socket.socketpair()
        self._socket = ours
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/tmp",
            "TMPDIR": "/tmp",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        package_root = str(Path(__file__).resolve().parents[2])
        page_fd = os.memfd_create("page", os.MFD_CLOEXEC)
        os.ftruncate(page_fd, mmap.PAGESIZE)
        self._page = memoryview(mmap.mmap(page_fd, mmap.PAGESIZE)).cast("Q")
        fds = (theirs.fileno(), page_fd)
        boot = _BOOT.format(path=package_root, control=fds[0], page=fds[1], seed=hash_seed)
        self._process = subprocess.Popen(
            # not -I: it would ignore PYTHONHASHSEED; nothing else of the environment is passed on
            [jail_python(), "-s", "-P", "-S", "-B", "-c", boot],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            env=environment | {"PYTHONHASHSEED": str(hash_seed), "LD_BIND_NOW": "1"},
            start_new_session=True,
            cwd="/",
        )
        os.close(page_fd)
        self._null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self._watch: Watch | None = None
        self._limits_sent: dict[str, Any] = {}
        self._compiler: Compiler | None = None
        self._compiled: tuple[str | None, bytes | None] = (None, None)  # the last source, its bytecode
        self.services = Services(level, hash_seed)
        theirs.close()
        self._group = cgroup.create() if use_cgroup and level.name != "none" else None
        try:
            if self._group is not None:
                try:
                    self._group.add(self._process.pid)
                except OSError:
                    self._group.close()
                    self._group = None
            if level.name != "namespaces":
                self._scratch = self._make_scratch()
            config = {
                "level": level.name,
                "user_namespace": level.user_namespace,
                "uid": UID_BASE + self._process.pid % UIDS,
                "limits_processes": self._group is not None and "cgroup-pids" in self._group.layers,
                "read_only": _read_only_paths(),
                "toolchains": list(self.view.shown),
                "environment": environment,
                "scratch": self._scratch,
            }
            ours.settimeout(_START_WALL_S)
            wire.send_frame(ours, marshal.dumps(config))
            ready = marshal.loads(wire.receive_frame(ours))
            ours.settimeout(None)
        except (EOFError, OSError) as error:
            self._process.kill()  # or, if it is stuck, what it says would have no end
            stderr = self._process.stderr
            said = stderr.read().decode(errors="replace").strip().splitlines() if stderr else []
            self.close()
            silent = f"it took more than {_START_WALL_S:g} s" if isinstance(error, TimeoutError) else "it ended at once"
            why = f"the jail could not start: {said[-1] if said else silent}"
            raise SandboxUnavailable(why, passing=True) from None
        if "error" in ready:
            self.close()
            raise SandboxUnavailable(ready["error"], ready["errno"] in _PASSING)
        layers = tuple(ready["layers"]) + (self._group.layers if self._group else ())
        self.isolation = Isolation(level.name, tuple(sorted(layers)))
        self._poll_memory = "cgroup-memory" not in layers
        self._processes = Processes(self._process.pid)
        (zygote_pid,) = self._processes.children(self._process.pid)
        self._processes = Processes(zygote_pid)
        self._processes.zygote_pages = int(Path(f"/proc/{zygote_pid}/statm").read_text().split()[1])

    def _make_scratch(self) -> str:
        base = Path("/tmp")
        for old in base.glob("assay-scratch-*-*"):
            pid = old.name.split("-")[2]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                _remove_tree(old)
        folder = base / f"assay-scratch-{os.getpid()}-{self._number}"
        folder.mkdir(mode=0o700)
        return str(folder)

    # -- one program at a time -----------------------------------------------------------------------------------

    def compile(self, source: str) -> bytes | None:
        """Marshalled bytecode of a candidate's source, from a jailed process; None if the candidate shall do it itself.

        Raises ZygoteDied, and NotCompiled for what is no Python.
        """
        if source == self._compiled[0]:  # a program is often run several times: by input set, by rule set
            return self._compiled[1]
        if self._compiler is None or not self._compiler.usable:
            if self._compiler is not None:
                self._compiler.close()
            self._compiler = Compiler()
            theirs = self._compiler.theirs.fileno()
            self._order(wire.START_COMPILER, None, (self._null, self._null, self._null, theirs))
            self._compiler.started()
            self._result()
            zygote = self._processes
            zygote.ours = frozenset(zygote.children(zygote.zygote_pid))
        code = self._compiler.compile(source)
        self._compiled = (source, code)
        return code

    def begin(
        self,
        flags: int,
        limits: Limits,
        *,
        fds: tuple[int, ...],
        stdin: int = -1,
        stdout: int = -1,
        address_space: bool = True,
        per_input: list[float] | None = None,
    ) -> Watch:
        """Start a program; `end` must be called before the next. Raises ZygoteDied.

        flags: see `wire`. fds: what the child shall have from descriptor 3 on. A program that writes answers into a
        memory file may write more there than the private /tmp holds. In a session both output streams are one.
        stdout: where the program writes that, unwatched, instead of a pipe of its own.
        """
        if self._group is not None:
            try:
                self._group.limit(limits.memory_bytes + 64 * MIB, limits.processes + 3)
            except OSError as error:
                raise ZygoteDied(f"cgroup limit: {error}") from None
        wanted = {
            "cpu_s": limits.cpu_s,
            "memory_bytes": limits.memory_bytes,
            "processes": limits.processes,
            "file_bytes": limits.file_bytes,
            "files": limits.files,
            "largest_file_bytes": max(limits.file_bytes, MAX_RESULTS) if len(fds) > 1 else limits.file_bytes,
            "address_space": address_space,
        }
        read_ends, write_ends = [], []
        for _ in range(1 if flags & wire.SESSION else 2):
            read_end, write_end = os.pipe()
            read_ends.append(read_end)
            write_ends.append(write_end)
        self._page[0] = self._page[1] = 0
        self._watch = Watch(
            self._processes, limits, self._socket.fileno(), read_ends, self._page, per_input, self._poll_memory
        )
        try:
            given = (self._null if stdin < 0 else stdin, write_ends[0] if stdout < 0 else stdout, write_ends[-1], *fds)
            self._order(flags, None if wanted == self._limits_sent else wanted, given)
            self._limits_sent = wanted
        finally:
            for fd in write_ends:
                os.close(fd)
        return self._watch

    def _order(self, flags: int, limits: dict[str, Any] | None, fds: tuple[int, ...]) -> None:
        body = b"" if limits is None else marshal.dumps(limits)
        try:
            socket.send_fds(self._socket, [wire.ORDER.pack(flags, len(body)) + body], list(fds))
        except OSError as error:
            raise ZygoteDied(str(error)) from None

    def _result(self) -> tuple[int, float, int, str]:
        """(wait status, CPU s, peak bytes, note) of what was ordered. Raises ZygoteDied."""
        try:
            head = wire.receive_exactly(self._socket, wire.RESULT.size)
            status, user_s, system_s, resident_kib, size = wire.RESULT.unpack(head)
            note = wire.receive_exactly(self._socket, size).decode(errors="replace") if size else ""
        except (OSError, EOFError) as error:
            raise ZygoteDied(str(error) or "the warm interpreter ended") from None
        return status, user_s + system_s, resident_kib * 1024, note

    def end(self) -> Outcome:
        """Wait for the program's end. Raises ZygoteDied."""
        watch = self._watch
        assert watch is not None
        watch.wait_for_end()
        wall_s = time.monotonic() - watch.started
        try:
            wait_status, cpu_s, peak_bytes, note = self._result()
        finally:
            outputs = watch.outputs()
            self._watch = None
            if self._scratch:
                for folder in Path(self._scratch).iterdir():
                    _remove_tree(folder)
        if wait_status == wire.NEVER_STARTED:  # by an interpreter that may be half in another namespace
            raise ZygoteDied(note)
        code = 0
        own_end = explain(wait_status)
        if note:
            status, detail = Status.harness_error, note
        elif watch.status in _BY_THE_CLOCK and own_end[0] is Status.exited:
            status, detail, code = own_end  # it left by itself just before it was made to
        elif watch.status is not None:
            status, detail = watch.status, watch.detail
        else:
            status, detail, code = own_end
            if code == signal.SIGKILL and status is Status.signalled and cpu_s >= watch.limits.cpu_s:
                status, detail = Status.time_limit_cpu, "used up its CPU seconds"
        if self._group is not None:
            oom, refused = self._group.events()
            if oom and status in (Status.signalled, Status.exited):
                status, detail = Status.memory_limit, "the kernel ended it for using more memory than allowed"
            elif refused and status is Status.exited and code:
                status, detail = Status.process_limit, "was refused more processes than allowed"
        return Outcome(
            status=status,
            exit_code=code if status is Status.exited else None,
            signal=code if code and status in (Status.signalled, Status.forbidden) else None,
            stdout=outputs[0],
            stderr=outputs[1] if len(outputs) > 1 else b"",
            truncated=watch.truncated,
            cpu_s=cpu_s,
            wall_s=wall_s,
            peak_bytes=peak_bytes,
            lingering=watch.lingering,
            detail=detail,
            isolation=self.isolation,
            stdout_end=watch.first_end,
        )

    def abort(self) -> None:
        """Have everything in it killed at once; whoever waits for a program sees ZygoteDied. For other threads."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # the keeper sees it

    def close(self) -> None:
        """End the interpreter and everything in it. Safe to call twice."""
        self.services.close()
        self._socket.close()  # the keeper sees it and ends the zygote, and with it all programs
        try:
            self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._compiler is not None:
            self._compiler.close()
        if self._null >= 0:
            os.close(self._null)
            self._null = -1
        if self._process.stderr:
            self._process.stderr.close()
        if self._group is not None:
            self._group.close()
            self._group = None
        if self._scratch:
            _remove_tree(Path(self._scratch))
            self._scratch = ""


def _remove_tree(folder: Path) -> None:
    """Remove what programs wrote: unreadable folders, and nests too deep for Python's own tools."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError:
        remove = ["rm", "-rf", "--", str(folder)]
        if subprocess.run(remove, stderr=subprocess.DEVNULL).returncode:
            subprocess.run(["chmod", "-R", "u+rwX", "--", str(folder)], stderr=subprocess.DEVNULL)
            subprocess.run(remove, stderr=subprocess.DEVNULL)


_works: Level | None = None
_failures: list[tuple[Level, str]] = []


@contextlib.contextmanager
def at_level(name: str | None) -> Iterator[None]:
    """Let `open_zygote` know no other level than this one; None for all of them."""
    global LEVELS, _works
    before = LEVELS
    try:
        if name is not None:
            LEVELS = tuple(each for each in before if each.name == name)
            _works = None
        yield
    finally:
        LEVELS = before
        _works = None


def _start(level: Level, hash_seed: int) -> Zygote:
    """A warm interpreter at one level. A busy machine is given time, or its programs would be isolated less for it."""
    for pause_s in _PAUSES_S:
        try:
            return Zygote(level, hash_seed)
        except SandboxUnavailable as error:
            if not error.passing:
                raise
        time.sleep(pause_s)
    return Zygote(level, hash_seed)


def open_zygote(hash_seed: int = 0, unsafe: bool = False) -> Zygote:
    """Start a warm interpreter at the strongest level this machine permits.

    unsafe: also accept no isolation beyond rlimits. Raises SandboxUnavailable.
    """
    global _works
    if _works is not None:
        return _start(_works, hash_seed)
    _failures.clear()
    for level in (*LEVELS, Level("none")) if unsafe else LEVELS:
        try:
            zygote = _start(level, hash_seed)
        except SandboxUnavailable as error:
            _failures.append((level, str(error)))
            continue
        _works = level
        return zygote
    reasons = "; ".join(
        f"{level.name}{' (user namespace)' if level.user_namespace else ''}: {why}" for level, why in _failures
    )
    raise SandboxUnavailable(
        f"This machine cannot isolate untrusted programs, so nothing was run ({reasons}). "
        "Run `assay doctor` to see what is missing, or pass --unsafe if you trust every program."
    )
