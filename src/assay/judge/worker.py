"""One judging process: takes samples from the pool's process, judges them in its own warm interpreter, one at a time.

It is a process and not a thread so that all cores judge, and so that tests which an answer drives mad can be killed.
"""

from __future__ import annotations

import marshal
import os
import pickle
import resource
import select
import socket
import sys
import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check
from assay.judge.judge import Judge
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import cgroup, wire

# Soft only: what the tests outside may take. The jail sets limits of its own.
_MEMORY_BYTES = 8 << 30


def main(fd: int, hash_seed: int, unsafe: bool, core: int) -> None:
    """Serve the pool at the other end of a socket until it is gone.

    core: where to stay with all it starts, -1 for anywhere. Judge, zygote and candidate take turns, so on one core they
    pass the work on without waking another.
    """
    channel = socket.socket(fileno=fd)
    if core >= 0:
        os.sched_setaffinity(0, {core})
    # What Python thinks of an answer's text is nobody's concern who watches a run.
    warnings.simplefilter("ignore", SyntaxWarning)
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  (tests may print; nobody reads it)
    try:
        judge = Judge(hash_seed, unsafe)
    except AssayError as error:
        wire.send_frame(channel, marshal.dumps({"error": str(error)}))
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    _die_with_the_pool(channel, judge)
    wire.send_frame(channel, marshal.dumps(judge.isolation.as_json()))
    checks: dict[int, Mapping[str, Check]] = {}
    while True:
        try:
            number, given, program, language, forget = pickle.loads(wire.receive_frame(channel))
            for each in forget:
                checks.pop(each, None)
            if given is not None:
                checks[number] = pickle.loads(given)
            verdicts = {rules: judge.judge(check, program, language) for rules, check in checks[number].items()}
            wire.send_frame(channel, marshal.dumps({rules: to_plain(v) for rules, v in verdicts.items()}))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            threading.Event().wait()  # the pool is gone, and the watch ends this process


def _die_with_the_pool(channel: socket.socket, judge: Judge) -> None:
    """When the pool's process is killed, leave no process and no cgroup behind, even in the middle of a sample."""

    def watch() -> None:
        poll = select.poll()
        poll.register(channel, select.POLLRDHUP | select.POLLHUP)
        poll.poll()
        judge.close()
        cgroup.remove_leftovers()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def to_plain(verdict: Verdict) -> tuple[Any, ...]:
    """A verdict as a tuple of plain values, cheap to send."""
    parts = tuple((name, kind.value) for name, kind in verdict.parts)
    v = verdict
    return v.kind.value, v.detail, v.cpu_s, v.wall_s, v.peak_bytes, v.flags, parts, v.output


def from_plain(row: tuple[Any, ...]) -> Verdict:
    """The reverse of `to_plain`."""
    kind, detail, cpu_s, wall_s, peak_bytes, flags, parts, output = row
    kinds = tuple((name, VerdictKind(part)) for name, part in parts)
    return Verdict(VerdictKind(kind), detail, cpu_s, wall_s, peak_bytes, flags, kinds, output)


def command(fd: int, hash_seed: int, unsafe: bool, core: int) -> list[str]:
    """How to start a worker that serves on this descriptor."""
    root = str(Path(__file__).resolve().parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from assay.judge.worker import main; "
    return [sys.executable, "-P", "-c", f"{code}main({fd}, {hash_seed}, {unsafe}, {core})"]
