"""Judges many samples on all cores: a dynamic queue over worker processes, results as they come.

What may be the machine's fault (a harness error, a wall limit hit by a program that was still running) is judged again
alone, after everything else, before it is believed.
"""

from __future__ import annotations

import contextlib
import itertools
import marshal
import os
import pickle
import select
import signal
import socket
import subprocess
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.errors import AssayError
from assay.judge import worker
from assay.judge.checks import Check, DifferentialCheck, HarnessCheck, ProgramCheck, SuiteCheck
from assay.judge.contest import CallCheck, StdioCheck
from assay.judge.references import folder
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox import cgroup, wire
from assay.sandbox.program import Isolation
from assay.sandbox.warm import SandboxUnavailable

_ATTEMPTS = 3
_MOST_LOSSES = 20
_KNOWN_TASKS = 1024  # whose checks a worker keeps
_KNOWN_BYTES = 256 << 20  # of them together, as they are sent
_REFERENCE_WALL_S = 3600.0
_STORED_TESTS = 200  # more than a task has whose tests are not read yet
_START_WALL_S = 600.0  # for a worker's start, three tries of a jail included; it takes a second
_BUILD_WALL_S = 2400.0  # with what is prepared once per machine


@dataclass(frozen=True)
class Item:
    """A program to be judged. key comes back with the verdicts.

    Checks are sent to a worker once, so the samples of a task should share one mapping. task_key: for people.
    language: what the program is written in, for checks that leave this to the answer.
    """

    key: Any
    task_key: str
    program: str
    checks: Mapping[str, Check]
    language: str = ""


@dataclass(frozen=True)
class Judged:
    """The verdicts of one item, one per rule set."""

    key: Any
    verdicts: dict[str, Verdict]


def _start_workers(hash_seed: int, unsafe: bool, cores: Sequence[int]) -> list[_Worker]:
    """A worker for each of these cores, forked from one process."""
    pairs = [socket.socketpair() for _ in cores]
    fds = [theirs.fileno() for _, theirs in pairs]
    process = subprocess.Popen(
        worker.command(fds, hash_seed, unsafe, cores),
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a Ctrl-C is for the pool alone
        env=os.environ | {"PYTHONHASHSEED": str(hash_seed), "ASSAY_CACHE": str(folder().parent)},
    )
    for _, theirs in pairs:
        theirs.close()
    return [_Worker(ours, process) for ours, _ in pairs]


class _Worker:
    """The pool's end of one worker process. parent: of the process, and perhaps of others."""

    def __init__(self, channel: socket.socket, parent: subprocess.Popen[bytes]) -> None:
        self.socket, self.parent = channel, parent
        self._pidfd = -1
        self.item: Item | None = None
        self.deadline = 0.0
        # checks it has been sent: the number they go by, their size; kept alive here, so that an id stays theirs
        self._known: dict[int, tuple[int, int, Mapping[str, Check]]] = {}
        self._known_bytes = 0
        self._numbers = itertools.count()

    def greeting(self) -> Isolation:
        """Wait until it is ready. Raises SandboxUnavailable with its reason."""
        self.socket.settimeout(_START_WALL_S)
        try:
            _, (self._pidfd,), _, _ = socket.recv_fds(self.socket, 1, 1)
            said = marshal.loads(wire.receive_frame(self.socket))
        except (EOFError, OSError, ValueError) as error:
            end = (
                f"did not start within {_START_WALL_S:g} s"
                if isinstance(error, TimeoutError)
                else "ended while it started"
            )
            raise AssayError(f"A judging process {end}. Run `assay doctor` to see why.") from None
        self.socket.settimeout(None)
        if "error" in said:
            raise SandboxUnavailable(said["error"])
        return Isolation(said["level"], tuple(said["layers"]))

    def start(self, item: Item) -> None:
        """Hand over an item. Raises OSError when the worker is gone."""
        forget: list[int] = []
        checks = None
        if id(item.checks) not in self._known:
            checks = pickle.dumps(dict(item.checks))
            self._known_bytes += len(checks)
            while self._known and (len(self._known) >= _KNOWN_TASKS or self._known_bytes > _KNOWN_BYTES):
                number, size, _ = self._known.pop(next(iter(self._known)))
                self._known_bytes -= size
                forget.append(number)
            self._known[id(item.checks)] = (next(self._numbers), len(checks), item.checks)
        number = self._known[id(item.checks)][0]
        self.item = item
        self.deadline = time.monotonic() + sum(_patience_s(check) for check in item.checks.values())
        wire.send_frame(self.socket, pickle.dumps((number, checks, item.program, item.language, forget)))

    def result(self) -> dict[str, Verdict]:
        """Read the verdicts. Raises EOFError when the worker is gone."""
        rows = marshal.loads(wire.receive_frame(self.socket))
        self.item = None
        return {rules: worker.from_plain(row) for rules, row in rows.items()}

    def close(self) -> None:
        self.socket.close()  # it ends by itself and cleans up behind it
        if self._pidfd >= 0 and not self._has_ended_within(5.0):
            self.kill()
        self._let_go()

    def kill(self) -> None:
        self.socket.close()
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            self._has_ended_within(60.0)
        self._let_go()

    def _has_ended_within(self, wall_s: float) -> bool:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(wall_s * 1000.0))

    def _let_go(self) -> None:
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1


def _patience_s(check: Check) -> float:
    """Wall seconds after which a worker is taken to be stuck in the tests outside the jail."""
    if isinstance(check, DifferentialCheck):
        return _REFERENCE_WALL_S + len(check.inputs) * check.limits.with_cpu_s(check.task_cap_s + 1.0).wall_backstop_s
    patience_s = 3.0 * check.limits.wall_backstop_s + 30.0
    if isinstance(check, StdioCheck | CallCheck):
        patience_s *= len(check.tests) if isinstance(check.tests, tuple) else _STORED_TESTS
    if isinstance(check, SuiteCheck):
        patience_s *= 1 + len(check.bugs)
    if isinstance(check, ProgramCheck | HarnessCheck | StdioCheck):
        patience_s += _BUILD_WALL_S
    return patience_s


class JudgePool:
    """Worker processes that judge. Use as a context manager; leaving it leaves no process behind.

    jobs: how many samples are judged at once; the number of cores is right. hash_seed: PYTHONHASHSEED of everything
    that runs. unsafe: judge even where this machine cannot isolate.
    """

    def __init__(self, jobs: int, unsafe: bool = False, hash_seed: int = 0) -> None:
        """Raises SandboxUnavailable, and AssayError when a worker does not start."""
        if jobs < 1:
            raise ValueError(f"jobs must be at least 1, got {jobs}")
        self._unsafe, self._hash_seed = unsafe, hash_seed
        self._losses = 0  # in a row
        # How many items of the present `judge` wait to be judged again alone, which happens when no more items come.
        self.postponed = 0
        self._resting = 0
        self._roused = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._aborted = False
        cores = sorted(os.sched_getaffinity(0))
        # A core for each, where there are as many workers as cores; otherwise the kernel decides.
        self._cores = cores if len(cores) == jobs else [-1] * jobs
        self._workers = _start_workers(hash_seed, unsafe, self._cores)
        self._parents = {each.parent for each in self._workers}
        try:
            self.isolation, *_ = [each.greeting() for each in self._workers]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> JudgePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers and what runs in them."""
        for each in self._workers:
            each.socket.close()
        for each in self._workers:
            each.close()
        self._workers = []
        for parent in self._parents:
            try:
                parent.wait(timeout=10.0)
            except subprocess.TimeoutExpired:  # a worker that got stuck while it started
                os.killpg(parent.pid, signal.SIGKILL)
                parent.wait()
        self._parents = set()
        if self._roused >= 0:
            os.close(self._roused)
            self._roused = -1
        cgroup.remove_leftovers()

    def abort(self) -> None:
        """Let a `judge` that runs in another thread end with AssayError, within a second. Then close the pool."""
        self._aborted = True

    def rest(self, processes: int) -> None:
        """Have so many of the processes take nothing new, as their cores are wanted for something else; 0 ends it.

        A `judge` that runs in another thread meanwhile goes on with the others, or waits.
        """
        self._resting = processes
        os.eventfd_write(self._roused, 1)

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]:
        """Judge items; results come in the order in which they are ready. Each item is reported exactly once.

        items: None stands for "nothing yet"; they are asked again when a result came in or the descriptor `wake` became
        readable. Whoever gives the items empties `wake`.
        """
        doubtful: list[tuple[Item, dict[str, Verdict]]] = []
        self.postponed = 0
        for item, verdicts in self._run(iter(items), self._workers, wake):
            if is_doubtful(verdicts):
                doubtful.append((item, verdicts))
                self.postponed = len(doubtful)
            else:
                yield Judged(item.key, verdicts)
        for item, verdicts in doubtful:
            for _ in range(_ATTEMPTS - 1):
                ((_, again),) = self._run(iter([item]), self._workers[:1])
                verdicts = {rules: replace(v, flags=(*v.flags, "retried")) for rules, v in again.items()}
                if not any(v.kind is VerdictKind.harness_error for v in verdicts.values()):
                    break
            yield Judged(item.key, verdicts)

    def _run(
        self, items: Iterator[Item | None], workers: list[_Worker], wake: int = -1
    ) -> Iterator[tuple[Item, dict[str, Verdict]]]:
        """Keep these workers busy until the items are used up."""
        ready: deque[tuple[Item, dict[str, Verdict]]] = deque()
        poll = select.poll()
        poll.register(self._roused, select.POLLIN)
        by_fd: dict[int, int] = {}
        indices = [self._workers.index(each) for each in workers]
        hungry: list[int] = []  # have nothing to do, but items may come
        resting: list[int] = []

        def feed(index: int) -> None:
            if index < self._resting:
                resting.append(index)
                return
            try:
                item = next(items)
            except StopIteration:
                return
            if item is None:
                hungry.append(index)
                return
            try:
                self._workers[index].start(item)
            except OSError:
                ready.append((item, self._lost(index, item, "the judging process ended")))
                feed(index)
                return
            fd = self._workers[index].socket.fileno()
            if fd not in by_fd:
                poll.register(fd, select.POLLIN)
                by_fd[fd] = index

        for index in indices:
            if self._workers[index].item is not None:  # of a run that its reader gave up
                self._workers[index].kill()
                self._replace(index)
            feed(index)
        while any(self._workers[index].item is not None for index in indices) or ready or hungry or resting:
            while ready:
                yield ready.popleft()
            hungry += resting
            resting.clear()
            for index in [hungry.pop() for _ in range(len(hungry))]:
                feed(index)
            if not ready and not hungry and not resting and all(self._workers[index].item is None for index in indices):
                break  # or it would wait a whole second for what cannot come
            watched = bool(hungry) and wake >= 0  # only then: with all workers busy it may be readable all the time
            if watched:
                poll.register(wake, select.POLLIN)
            events = poll.poll(0 if ready else 1000)
            if self._aborted:
                raise AssayError("Judging was ended from outside.")
            if watched:
                poll.unregister(wake)
            for fd, _ in events:
                if fd == wake:
                    continue
                if fd == self._roused:
                    os.eventfd_read(fd)
                    continue
                index = by_fd[fd]
                each = self._workers[index]
                item = each.item
                if item is None:
                    continue
                try:
                    verdicts = each.result()
                    self._losses = 0
                except (EOFError, OSError):
                    poll.unregister(fd)
                    del by_fd[fd]
                    verdicts = self._lost(index, item, "the judging process ended")
                feed(index)
                ready.append((item, verdicts))
            now = time.monotonic()
            for index in indices:
                each = self._workers[index]
                if each.item is not None and now > each.deadline:
                    item, fd = each.item, each.socket.fileno()
                    poll.unregister(fd)
                    del by_fd[fd]
                    ready.append((item, self._lost(index, item, "the tests outside the jail did not end")))
                    feed(index)

    def _replace(self, index: int) -> None:
        """Start a new worker in the place of one that is gone. Raises AssayError when none starts."""
        for attempt in range(_ATTEMPTS):
            (new,) = _start_workers(self._hash_seed, self._unsafe, [self._cores[index]])
            self._workers[index] = new
            self._parents = {each for each in self._parents if each.poll() is None} | {new.parent}
            try:
                self._workers[index].greeting()
                return
            except AssayError:
                self._workers[index].kill()
                if attempt == _ATTEMPTS - 1:
                    raise

    def _lost(self, index: int, item: Item, why: str) -> dict[str, Verdict]:
        """Replace a worker that is gone or stuck: the verdict of what it judged. Raises AssayError if none lasts."""
        self._workers[index].kill()
        self._losses += 1
        if self._losses >= _MOST_LOSSES:
            raise AssayError(
                f"{self._losses} judging processes ended one after the other without a verdict, the last one at "
                f"{item.task_key}. Run `assay doctor` and `assay sandbox check`; if both are fine, report it."
            )
        cgroup.remove_leftovers()
        self._replace(index)
        return {rules: Verdict(VerdictKind.harness_error, why) for rules in item.checks}


def is_doubtful(verdicts: Mapping[str, Verdict]) -> bool:
    """Whether the machine may be to blame: a harness error, or a wall limit that was hit while the program ran."""
    return any(v.kind is VerdictKind.harness_error or "wall" in v.flags for v in verdicts.values())
