"""The client's side of one warm interpreter: start it, hand it programs, read what happened, replace it."""

from __future__ import annotations

import contextlib
import itertools
import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.sandbox import cgroup, wire
from assay.sandbox.program import MIB, Isolation, Limits, Outcome, Status

# What most programs import is loaded before anything else, so that forked children find it; every further module makes
# each fork dearer. `random` would seed itself from the system in every child; seeded here, verdicts can be repeated.
_BOOT = """
import os, sys
register, os.register_at_fork = os.register_at_fork, lambda **_: None
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, random, re, string, typing
os.register_at_fork = register
random.seed({seed})
sys.path.insert(0, {path!r})
from assay.sandbox import zygote
sys.path.pop(0)
zygote.main({control})
"""
_UID_BASE = 64200  # above the ids that distributions hand out; each zygote of a process takes the next
_numbers = itertools.count()


MAX_RESULTS = 512 * MIB


class SandboxUnavailable(AssayError):
    """This machine cannot jail a program at the level asked for. The message says why and what to do."""


class ZygoteDied(Exception):
    """The warm interpreter ended; whatever ran in it must be judged again."""


@dataclass(frozen=True)
class Level:
    """One way to isolate, tried in order of strength."""

    name: str  # "namespaces", "landlock" or "none"
    user_namespace: bool = False


LEVELS = (Level("namespaces", True), Level("namespaces", False), Level("landlock"))


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
        control = theirs.fileno()
        self._process = subprocess.Popen(
            # not -I: it would ignore PYTHONHASHSEED; nothing else of the environment is passed on
            [
                jail_python(),
                "-s",
                "-P",
                "-S",
                "-B",
                "-c",
                _BOOT.format(path=package_root, control=control, seed=hash_seed),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(control,),
            env=environment | {"PYTHONHASHSEED": str(hash_seed), "LD_BIND_NOW": "1"},
            start_new_session=True,
            cwd="/",
        )
        theirs.close()
        self._group = cgroup.create() if use_cgroup and level.name == "namespaces" else None
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
                "uid": _UID_BASE + self._number % 1000,
                "read_only": _read_only_paths(),
                "environment": environment,
                "scratch": self._scratch,
            }
            self._send(marshal.dumps(config))
            ready = marshal.loads(self._read(wire.LENGTH.unpack(self._read(wire.LENGTH.size))[0]))
        except (ZygoteDied, OSError):
            stderr = self._process.stderr
            said = stderr.read().decode(errors="replace").strip().splitlines() if stderr else []
            self.close()
            raise SandboxUnavailable(f"the jail could not start: {said[-1] if said else 'it ended at once'}") from None
        if "error" in ready:
            self.close()
            raise SandboxUnavailable(ready["error"])
        layers = tuple(ready["layers"]) + (self._group.layers if self._group else ())
        self.isolation = Isolation(level.name, tuple(sorted(layers)))

    def _make_scratch(self) -> str:
        base = Path("/tmp")
        for old in base.glob("assay-scratch-*-*"):
            pid = old.name.split("-")[2]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                shutil.rmtree(old, ignore_errors=True)
        folder = base / f"assay-scratch-{os.getpid()}-{self._number}"
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, _UID_BASE + self._number % 1000, -1)
        return str(folder)

    # -- wire ----------------------------------------------------------------------------------------------------

    def _send(self, body: bytes, fds: tuple[int, ...] = ()) -> None:
        try:
            if fds:
                data = wire.LENGTH.pack(len(body)) + body
                sent = socket.send_fds(self._socket, [data], list(fds))
                if sent < len(data):
                    self._socket.sendall(data[sent:])
            else:
                self._socket.sendall(wire.LENGTH.pack(len(body)) + body)
        except OSError as error:
            raise ZygoteDied(str(error)) from None

    def _read(self, count: int) -> bytes:
        parts = []
        while count:
            try:
                part = self._socket.recv(min(count, 1 << 20))
            except OSError as error:
                raise ZygoteDied(str(error)) from None
            if not part:
                raise ZygoteDied("the warm interpreter ended")
            parts.append(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    # -- one program at a time -----------------------------------------------------------------------------------

    def begin(self, request: dict[str, Any], limits: Limits, fds: tuple[int, ...] = ()) -> None:
        """Start a program. `end` must be called before the next. Raises ZygoteDied.

        A program that writes answers into a memory file may write more there than the private /tmp holds.
        """
        if self._group is not None:
            try:
                self._group.limit(limits.memory_bytes + 64 * MIB, limits.processes + 3)
            except OSError as error:
                raise ZygoteDied(f"cgroup limit: {error}") from None
        request["limits"] = {
            "cpu_s": limits.cpu_s,
            "wall_s": limits.wall_backstop_s,
            "memory_bytes": limits.memory_bytes,
            "processes": limits.processes,
            "output_bytes": limits.output_bytes,
            "kept_bytes": limits.kept_bytes,
            "file_bytes": limits.file_bytes,
            "files": limits.files,
            "largest_file_bytes": max(limits.file_bytes, MAX_RESULTS) if len(fds) > 1 else limits.file_bytes,
        }
        request["poll_memory"] = self._group is None or "cgroup-memory" not in self._group.layers
        self._send(marshal.dumps(request), fds)

    def kill(self) -> None:
        """End the running program; `end` still has to be called."""
        self._send(wire.ORDER_KILL)

    def ask_idle(self) -> None:
        """Have the running program ended if it sleeps without using the CPU (asked twice, a second apart)."""
        self._send(wire.ORDER_LOOK_FOR_IDLING)

    def ended_within(self, wall_s: float) -> bool:
        """Wait for the program's end, but not longer than this."""
        return bool(select.select([self._socket], [], [], wall_s)[0])

    def end(self) -> Outcome:
        """Wait for the program's end. Raises ZygoteDied."""
        head = wire.ENDING.unpack(self._read(wire.ENDING.size))
        index, code, cpu_s, wall_s, peak_bytes, truncated, lingering, detail_size, out_size, err_size = head
        status = Status(wire.STATUSES[index])
        detail = self._read(detail_size).decode(errors="replace") if detail_size else ""
        out = self._read(out_size) if out_size else b""
        err = self._read(err_size) if err_size else b""
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
            stdout=out,
            stderr=err,
            truncated=truncated,
            cpu_s=cpu_s,
            wall_s=wall_s,
            peak_bytes=peak_bytes,
            lingering=lingering,
            detail=detail,
            isolation=self.isolation,
        )

    def close(self) -> None:
        """End the interpreter and everything in it. Safe to call twice."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        if self._group is not None:
            self._group.close()
            self._group = None
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = ""


_works: Level | None = None
_failures: list[tuple[Level, str]] = []


def open_zygote(hash_seed: int = 0, unsafe: bool = False) -> Zygote:
    """Start a warm interpreter at the strongest level this machine permits.

    unsafe: also accept no isolation beyond rlimits. Raises SandboxUnavailable.
    """
    global _works
    if _works is not None:
        return Zygote(_works, hash_seed)
    _failures.clear()
    for level in (*LEVELS, Level("none")) if unsafe else LEVELS:
        try:
            zygote = Zygote(level, hash_seed)
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
