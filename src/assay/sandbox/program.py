"""What goes into the sandbox and what comes out: `Program`, `Limits`, `Outcome`."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import Any

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one program may use. CPU time is the limit; wall time is only a backstop.

    cpu_s: user + system seconds of the program and of everything it starts.
    wall_s: seconds from the moment the jail is ready; None means 5 x cpu_s + 5.
    memory_bytes: address space per process, and of all processes together where a cgroup is writable.
    processes: processes and threads that may exist at once.
    output_bytes: stdout and stderr together; going over ends the program.
    kept_bytes: how much of each stream the Outcome keeps.
    file_bytes: size of the private /tmp (and of any one file).
    files: how many files and folders the private /tmp holds.
    """

    cpu_s: float = 3.0
    wall_s: float | None = None
    memory_bytes: int = 1024 * MIB
    processes: int = 64
    output_bytes: int = 16 * MIB
    kept_bytes: int = 64 * 1024
    file_bytes: int = 64 * MIB
    files: int = 4096

    def __post_init__(self) -> None:
        for name in ("cpu_s", "memory_bytes", "processes", "output_bytes", "file_bytes", "files"):
            if not getattr(self, name) > 0:
                raise ValueError(f"Limits.{name} must be positive, got {getattr(self, name)!r}")
        if self.wall_s is not None and not self.wall_s > 0:
            raise ValueError(f"Limits.wall_s must be positive or None, got {self.wall_s!r}")
        if self.kept_bytes < 0:
            raise ValueError(f"Limits.kept_bytes must not be negative, got {self.kept_bytes!r}")

    def with_cpu_s(self, cpu_s: float) -> Limits:
        """The same limits with another CPU limit (and the backstop that follows from it)."""
        return replace(self, cpu_s=cpu_s)

    @property
    def wall_backstop_s(self) -> float:
        """Wall seconds after which a program is stopped whatever it does."""
        return self.wall_s if self.wall_s is not None else 5.0 * self.cpu_s + 5.0


@dataclass(frozen=True)
class Program:
    """Untrusted source files and how to start them.

    language: a name from `assay.sandbox.languages`.
    files: file name -> content, written into the working directory. Names are relative, without "..".
    entry: the file that is run.
    argv: arguments after the program's own name.
    stdin: bytes the program can read; empty means end of file at once.
    flags: further words for the compiler, or for the interpreter where nothing is compiled.
    """

    language: str
    files: dict[str, bytes]
    entry: str
    argv: tuple[str, ...] = ()
    stdin: bytes = b""
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.entry not in self.files:
            raise ValueError(f"entry {self.entry!r} is not among the files {sorted(self.files)}")
        for name in self.files:
            parts = name.split("/")
            if not name or name.startswith("/") or "\0" in name or any(p in ("", ".", "..") for p in parts):
                raise ValueError(f"file name {name!r} must be a plain relative path")


class Status(enum.StrEnum):
    """How a jailed process ended. Closed: the judge maps each of these to a verdict."""

    exited = "exited"
    signalled = "signalled"
    time_limit_cpu = "time_limit_cpu"
    time_limit_wall = "time_limit_wall"
    time_limit_idle = "time_limit_idle"
    memory_limit = "memory_limit"
    output_limit = "output_limit"
    process_limit = "process_limit"
    disk_limit = "disk_limit"
    forbidden = "forbidden"
    killed = "killed"
    harness_error = "harness_error"


@dataclass(frozen=True)
class Isolation:
    """Which protections were live around a program.

    level: "namespaces" | "landlock" | "none".
    layers: the single protections, for example ("user", "pid", "seccomp", "cgroup-memory").
    """

    level: str
    layers: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"level": self.level, "layers": list(self.layers)}


@dataclass(frozen=True)
class Outcome:
    """What happened to one program.

    exit_code is None unless it exited; signal is None unless it was signalled. cpu_s counts the program and the
    children it waited for. peak_bytes is the largest resident set of one of its processes, or of all together where a
    cgroup measured it. `truncated` says that a stream was longer than what is kept. `lingering` says that threads or
    child processes were still alive when the program was ended on request. phase is "compile" where the program did not
    get past its compiler, whose outcome this then is. stdout_end: the last bytes of stdout, however much came before.
    """

    status: Status
    exit_code: int | None = None
    signal: int | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    truncated: bool = False
    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: int = 0
    lingering: bool = False
    detail: str = ""
    isolation: Isolation = field(default_factory=lambda: Isolation("none"))
    phase: str = "run"
    stdout_end: bytes = b""
