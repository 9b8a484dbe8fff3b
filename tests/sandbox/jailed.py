"""Short ways to write a program and to look at what is left on the machine."""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assay.sandbox.program import MIB, Limits, Program
from assay.sandbox.warm import UID_BASE

JAIL_UIDS = range(UID_BASE, UID_BASE + 1000)
SMALL = Limits(cpu_s=2.0, memory_bytes=256 * MIB, processes=16, output_bytes=1 * MIB, file_bytes=8 * MIB, files=64)


def python(source: str, *argv: str, stdin: bytes = b"", **files: bytes) -> Program:
    """A Python program with this text."""
    given = {name.replace("__", "."): content for name, content in files.items()}
    return Program("python", {"main.py": textwrap.dedent(source).encode(), **given}, "main.py", argv, stdin)


def eventually(condition: Callable[[], Any], within_s: float = 10.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


def processes_below(pid: int) -> list[int]:
    """All descendants of a process."""
    found = []
    for child in _children(pid):
        found += [child, *processes_below(child)]
    return found


def _children(pid: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):  # those of every thread
        try:
            found += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return found


def alive(pid: int) -> bool:
    """Whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False


def groups_of(pid: int) -> list[str]:
    """The control groups that a process of ours has made and not removed."""
    found = []
    for root in ("/sys/fs/cgroup",):
        for folder, folders, _ in os.walk(root):
            found += [f"{folder}/{name}" for name in folders if name.startswith(f"assay-{pid}-")]
    return found


def scratch_of(pid: int) -> list[str]:
    """The private folders that a process of ours has made and not removed."""
    return [str(path) for path in Path("/tmp").glob(f"assay-scratch-{pid}-*")]


def mounts() -> list[str]:
    """Where something is mounted on this machine, as this process sees it."""
    return [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
