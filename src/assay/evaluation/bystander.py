"""Something on the host that a jailed program must not touch, and a look at what it may have left behind."""

from __future__ import annotations

import os
import resource
import secrets
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.sandbox.warm import UID_BASE

_CODE = """
import os, sys
secret = os.environ["ASSAY_BYSTANDER_SECRET"]
for line in sys.stdin:
    print(line.strip(), secret, flush=True)
"""
_SHARED = ("/tmp", "/dev/shm", "/var/tmp")
_GRACE_S = 1.0
_PATIENCE_S = 30.0  # a busy machine must not look like a killed process
_JAIL_UIDS = range(UID_BASE, UID_BASE + 1000)
_RLIMITS = tuple(value for name, value in vars(resource).items() if name.startswith("RLIMIT_"))


@dataclass(frozen=True)
class View:
    """What the host looks like at one moment.

    shared: what lies in the folders that everybody may write into, with (inode, change time). orphans: processes whose
    parent is process 1. below: how many processes descend from this one.
    """

    bystander: tuple[Any, ...]
    folder: tuple[Any, ...]
    machine: tuple[Any, ...]
    shared: dict[str, tuple[int, int]]
    orphans: frozenset[str]
    below: int


class Bystander:
    """A process with a secret in its memory and environment, and a folder with a private file. A context manager.

    folder: an empty private folder, for this alone. uid_tells: programs in the jail have user ids of their own, which
    tells what they left behind from what others did on this machine meanwhile.
    """

    def __init__(self, folder: Path, uid_tells: bool) -> None:
        self._folder, self._uid_tells = folder, uid_tells
        self._secret = secrets.token_hex(16)
        (folder / "private").write_text(self._secret)
        (folder / "private").chmod(0o600)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"ASSAY_BYSTANDER_SECRET": self._secret},
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._questions = 0
        self._ask()  # it has started

    def __enter__(self) -> Bystander:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def look(self) -> View:
        """How things are now."""
        processes = _processes()
        return View(
            bystander=self._look_at_bystander(),
            folder=self._look_at_folder(),
            machine=(os.uname()[:2], Path.cwd()),
            shared=_shared_files(self._uids()),
            orphans=frozenset(pid for pid, (parent, uid) in processes.items() if parent == "1" and uid in self._uids()),
            below=_count_below(str(os.getpid()), processes),
        )

    def damage(self, before: View) -> list[str]:
        """What only the program can have done, in words."""
        now = self.look()
        found = []
        if now.bystander != before.bystander:
            found.append("a process outside was killed, stopped or changed")
        if now.folder != before.folder:
            found.append("a private file outside was changed")
        if now.machine != before.machine:
            found.append("the machine's name was changed")
        if now.below > before.below and self._stays(lambda: self.look().below > before.below):
            found.append("processes were left behind")
        return found + (self.suspicions(before) if self._uid_tells else [])

    def suspicions(self, before: View) -> list[str]:
        """What the program may have done: new files in shared folders and processes that got away, one word each.

        Without user ids that tell, somebody else may have done it; it is believed when it happens at every repetition.
        """
        now = self.look()
        found = [f"left {path}" for path in sorted(now.shared) if now.shared[path] != before.shared.get(path)]
        strangers = now.orphans - before.orphans
        if strangers and self._stays(lambda: bool(strangers & self.look().orphans)):
            found.append("processes have got away")
        return found

    def knows(self, text: str) -> bool:
        """Whether the secret is in this text."""
        return self._secret in text

    def _uids(self) -> range:
        return _JAIL_UIDS if self._uid_tells else range(os.geteuid(), os.geteuid() + 1)

    def _stays(self, condition: Any) -> bool:
        end = time.monotonic() + _GRACE_S
        while time.monotonic() < end:
            if not condition():
                return False
            time.sleep(0.02)
        return True

    def _look_at_bystander(self) -> tuple[Any, ...]:
        answers = self._ask()
        if not answers:
            return ("silent",)
        limits = tuple(resource.prlimit(self.pid, number) for number in _RLIMITS)
        return (self.pid, limits, os.getpriority(os.PRIO_PROCESS, self.pid), sorted(os.sched_getaffinity(self.pid)))

    def _ask(self) -> bool:
        """Whether it is alive, runs and still knows its secret."""
        self._questions += 1
        asked = f"{self._questions}"
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(asked.encode() + b"\n")
            stdin.flush()
        except OSError:
            return False
        if not select.select([stdout], [], [], _PATIENCE_S)[0]:
            return False
        return stdout.readline() == f"{asked} {self._secret}\n".encode()

    def _look_at_folder(self) -> tuple[Any, ...]:
        rows = []
        for path in sorted(self._folder.iterdir()):
            info = path.lstat()
            rows.append((path.name, info.st_mode, info.st_uid, info.st_gid, info.st_size, info.st_mtime_ns))
        return (self._folder.stat().st_mode, *rows, (self._folder / "private").read_text() == self._secret)


def _shared_files(uids: range) -> dict[str, tuple[int, int]]:
    found = {}
    for folder in _SHARED:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if info.st_uid in uids and not entry.name.startswith("assay-"):
                found[entry.path] = (info.st_ino, info.st_ctime_ns)
    return found


def _processes() -> dict[str, tuple[str, int]]:
    """Every process that has not ended: its parent and its user."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
                uid = folder.stat().st_uid
            except OSError:
                continue
            if fields[0] not in (b"Z", b"X"):
                found[folder.name] = (fields[1].decode(), uid)
    return found


def _count_below(top: str, processes: dict[str, tuple[str, int]]) -> int:
    children: dict[str, list[str]] = {}
    for pid, (parent, _) in processes.items():
        children.setdefault(parent, []).append(pid)
    queue, count = [top], 0
    while queue:
        found = children.get(queue.pop(), [])
        count += len(found)
        queue += found
    return count
