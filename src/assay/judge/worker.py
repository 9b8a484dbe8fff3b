"""Judging processes: each takes samples from the pool's process and judges them in its own warm interpreter, in turn.

They are processes and not threads so that all cores judge, and so that tests which an answer drives mad can be killed.
They are forked from one that has imported everything, which afterwards only waits for their end.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import pickle
import resource
import select
import socket
import sys
import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check
from assay.judge.judge import Judge
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import cgroup, toolchain, wire

# Soft only: what the tests outside may take. The jail sets limits of its own.
_MEMORY_BYTES = 8 << 30


def main(fds: Sequence[int], hash_seed: int, unsafe: bool, cores: Sequence[int]) -> None:
    """Start a worker at each socket, and end when all have ended.

    cores: where each is to stay with all it starts, -1 for anywhere. Judge, zygote and candidate take turns, so on one
    core they pass the work on without waking another.
    """
    toolchain.view(True)  # asks some of them where they are: once for all workers
    gc.freeze()
    gc.set_threshold(50_000)  # answers are many small lists without cycles, which are looked for after 700 otherwise
    for number, core in enumerate(cores):
        if os.fork() == 0:
            for other in (*fds[:number], *fds[number + 1 :]):
                os.close(other)
            try:
                _serve(fds[number], hash_seed, unsafe, core)
            except ConnectionError:  # the pool's process was killed while this one started
                pass
            except Exception:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(1)
    for fd in fds:
        os.close(fd)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def _serve(fd: int, hash_seed: int, unsafe: bool, core: int) -> None:
    """Serve the pool at the other end of a socket until it is gone."""
    channel = socket.socket(fileno=fd)
    own = os.pidfd_open(os.getpid())
    socket.send_fds(channel, [b"\0"], [own])
    os.close(own)
    if core >= 0:
        os.sched_setaffinity(0, {core})
    _wait_for_turns()
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


def _wait_for_turns() -> None:
    """Have this process and all it starts run on until they wait, instead of giving way to whom they just woke.

    An answer would wake the judge, which would look at it and wait for the next: two changes of process for each.
    (sched(7): a SCHED_BATCH process does not preempt when it wakes; its share of the core stays the same.)
    """
    with contextlib.suppress(OSError):  # refused in some containers; then it costs a little more
        if os.sched_getscheduler(0) == os.SCHED_OTHER:
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _die_with_the_pool(channel: socket.socket, judge: Judge) -> None:
    """When the pool's process is killed, leave no process and no cgroup behind, even in the middle of a sample."""

    def watch() -> None:
        poll = select.poll()
        poll.register(channel, select.POLLRDHUP | select.POLLHUP)
        poll.poll()
        try:
            judge.close()
            cgroup.remove_leftovers()
        finally:  # whatever cannot be cleaned up: nobody else would end this process
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


def command(fds: Sequence[int], hash_seed: int, unsafe: bool, cores: Sequence[int]) -> list[str]:
    """How to start workers that serve on these descriptors. Each first sends a descriptor of its own process."""
    root = str(Path(__file__).resolve().parents[2])
    code = f"import sys; sys.path.insert(0, {root!r}); from assay.judge.worker import main; "
    return [sys.executable, "-P", "-c", f"{code}main({tuple(fds)}, {hash_seed}, {unsafe}, {tuple(cores)})"]
