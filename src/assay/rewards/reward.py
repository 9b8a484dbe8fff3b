"""The one reward core: completions and their tests in, numbers out."""

from __future__ import annotations

import atexit
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict, VerdictKind
from assay.rewards.cache import Shelf, VerdictCache, digest_of, key_of
from assay.rewards.columns import COLUMNS, task_from_row
from assay.rewards.desk import Desk, Verdicts
from assay.rewards.scale import BINARY, Scale
from assay.tasks.extract import extract
from assay.tasks.task import RULE_SETS, Task

_KNOWN_TASKS, _KNOWN_BYTES = 4096, 256 << 20


@dataclass(frozen=True)
class Graded:
    """One completion: its reward, None where the harness failed; the program found in it; what the judge says."""

    reward: float | None
    program: str
    verdict: Verdict
    cached: bool = False


class NoSuchTests(AssayError):
    """There are no rules of that name, or a task has no tests under them."""


class _Judging:
    """A program that is being judged, and how many wait for its verdict."""

    def __init__(self, future: Future[Verdicts]) -> None:
        self.future, self.waiting = future, 0


class CodeReward:
    """Rewards completions by running them. Use as a context manager, or `close` it. Thread-safe.

    The judging processes start with the first completion and stay, one per core. A program that was judged before under
    the same tests is not run again.

    scale: from verdicts to numbers; BINARY or LADDER, or one of your own. rules: "hardened", where tests never enter
    the program's process, or "official". benchmark: what a bare `task_id` belongs to. extract: how a program is found
    in a completion (`assay.tasks.extract`). jobs: programs at once, by default one per core, and a share of them where
    torchrun or accelerate started several trainers on this machine. kept: verdicts remembered. unsafe: judge even where
    this machine cannot isolate. desk: judges in place of one that is opened here, and is closed by whoever opened it.
    counts: how many completions ended how, by the name of the verdict, and "cached" of them.
    """

    def __init__(
        self,
        *,
        scale: Scale = BINARY,
        rules: str = "hardened",
        benchmark: str | None = None,
        extract: str = "auto",
        jobs: int | None = None,
        kept: int = 100_000,
        unsafe: bool = False,
        desk: Desk | None = None,
    ) -> None:
        if rules not in RULE_SETS:
            raise NoSuchTests(f"There are no rules {rules!r}. Known: {', '.join(RULE_SETS)}.")
        self.scale, self.rules, self.benchmark, self.extract = scale, rules, benchmark, extract
        self.counts: Counter[str] = Counter()
        self._jobs, self._unsafe = jobs or _share_of_cores(), unsafe
        self._cache = VerdictCache(kept)
        self._lock = threading.Lock()
        self._lent, self._desk = desk is not None, desk
        self._owner = os.getpid() if desk is not None else 0
        self._under_way: dict[bytes, _Judging] = {}
        self._tasks: Shelf[bytes, Task] = Shelf(_KNOWN_TASKS, _KNOWN_BYTES)
        # by the id of a task, which is kept with them, so that its id stays its own
        self._checks: Shelf[int, tuple[Task, dict[str, Check], bytes]] = Shelf(_KNOWN_TASKS, _KNOWN_BYTES)

    def __enter__(self) -> CodeReward:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the judging processes. They start again if they are needed again."""
        if self._lent:
            return
        with self._lock:
            desk, self._desk = self._desk, None
        if desk is not None and self._owner == os.getpid():
            desk.close()

    def score(self, completions: Sequence[str], tests: Mapping[str, Any] | Sequence[Any]) -> list[float | None]:
        """The reward of each completion, None where the harness failed (which `counts` counts) and nothing is known.

        tests: for each completion a `Task` or a row (`assay.rewards.columns`), or columns: name -> one value for each.
        Raises AssayError for tests that are not understood, and where this machine cannot judge.
        """
        return [graded.reward for graded in self.grade(completions, tests)]

    def grade(self, completions: Sequence[str], tests: Mapping[str, Any] | Sequence[Any]) -> list[Graded]:
        """`score` with the programs and the verdicts."""
        rows = rows_of(tests, len(completions))
        tasks = [row if isinstance(row, Task) else self.task(row) for row in rows]
        begun = [self.begin(completion, task) for completion, task in zip(completions, tasks, strict=True)]
        return [one.result() for one in begun]

    def begin(self, completion: str, task: Task, is_solution: bool = False) -> Future[Graded]:
        """Have one completion judged; the result comes later, AssayError if the judge ends before. May be cancelled.

        is_solution: the completion is the whole program, and nothing is looked for in it.
        """
        found = extract(task, completion, is_solution, self.extract)
        grading: Future[Graded] = Future()
        if found.problem:
            self._finish(grading, found.program, Verdict(VerdictKind.no_code, found.problem), False)
            return grading
        checks, digest = self._checks_of(task)
        key = key_of(found.program, found.language, digest)
        known = self._cache.get(key)
        if known is not None:
            self._finish(grading, found.program, known, True)
            return grading
        desk = self._open_desk()
        with self._lock:
            shared = self._under_way.get(key)
            first = shared is None
            if shared is None:
                item = Item(None, task.task_id or "a row", found.program, checks, found.language)
                shared = self._under_way[key] = _Judging(desk.submit(item))
            shared.waiting += 1
        grading.add_done_callback(lambda done: self._forsake(shared, key) if done.cancelled() else None)
        shared.future.add_done_callback(lambda done: self._judged(done, key, grading, found.program, not first))
        return grading

    def _forsake(self, shared: _Judging, key: bytes) -> None:
        """One who asked does not want to know any more; a program that nobody waits for need not be judged."""
        with self._lock:
            shared.waiting -= 1
            unwanted = shared.waiting == 0
            if unwanted and self._under_way.get(key) is shared:
                del self._under_way[key]
        if unwanted:
            shared.future.cancel()

    def _judged(
        self, judging: Future[Verdicts], key: bytes, grading: Future[Graded], program: str, cached: bool
    ) -> None:
        with self._lock:
            if key in self._under_way and self._under_way[key].future is judging:
                del self._under_way[key]
        if judging.cancelled() or judging.exception() is not None:
            if grading.set_running_or_notify_cancel():
                grading.set_exception(
                    (None if judging.cancelled() else judging.exception()) or AssayError("The judge is closed.")
                )
            return
        verdict = judging.result()[self.rules]
        self._cache.put(key, verdict)
        self._finish(grading, program, verdict, cached)

    def _finish(self, grading: Future[Graded], program: str, verdict: Verdict, cached: bool) -> None:
        if not grading.set_running_or_notify_cancel():
            return
        with self._lock:
            self.counts[verdict.kind.value] += 1
            self.counts["cached"] += cached
        grading.set_result(Graded(self.scale.number(verdict), program, verdict, cached))

    def task(self, row: Mapping[str, Any]) -> Task:
        """The task of a row; rows that are equal have one task. Raises AssayError as `task_from_row`."""
        used = {name: row[name] for name in COLUMNS if name in row}
        try:
            text = repr(sorted(used.items())).encode("utf-8", "surrogatepass")
        except RecursionError:
            raise AssayError("A row is nested too deep to be read. Look at its tests: they may be damaged.") from None
        key = hashlib.sha256(text).digest()
        known = self._tasks.get(key)
        return known if known is not None else self._tasks.put(key, task_from_row(used, self.benchmark), len(text))

    def _checks_of(self, task: Task) -> tuple[dict[str, Check], bytes]:
        """What is sent to the judge, one object per task as long as it is known, and its hash."""
        known = self._checks.get(id(task))
        if known is None:
            if self.rules not in task.checks:
                raise NoSuchTests(f"{task.task_id or 'A row'} has no {self.rules} tests.")
            checks = {self.rules: task.checks[self.rules]}
            digest, size = digest_of(checks)
            known = self._checks.put(id(task), (task, checks, digest), size)
        return known[1], known[2]

    def _open_desk(self) -> Desk:
        """The desk, opened now if need be; one of its own after a fork."""
        with self._lock:
            if self._desk is None or (self._owner != os.getpid() and not self._lent):
                self._under_way = {}
                self._owner = os.getpid()
                self._desk = Desk(lambda: JudgePool(self._jobs, unsafe=self._unsafe))
            return self._desk


def _share_of_cores() -> int:
    """How many of this machine's cores are this process's, where torchrun or accelerate started several."""
    processes = os.environ.get("LOCAL_WORLD_SIZE", "1")
    return max(1, len(os.sched_getaffinity(0)) // (int(processes) if processes.isdigit() and int(processes) else 1))


def rows_of(tests: Mapping[str, Any] | Sequence[Any], count: int) -> Sequence[Any]:
    """One row or task for each completion. Raises AssayError where their numbers differ."""
    if isinstance(tests, Mapping):
        for name, column in tests.items():
            if isinstance(column, str) or not isinstance(column, Sequence) or len(column) != count:
                has = f"{len(column)} values" if isinstance(column, list | tuple) else "no list of values"
                raise AssayError(f"The column {name!r} has {has} for {count} completions.")
        return [{name: column[number] for name, column in tests.items()} for number in range(count)]
    if len(tests) != count:
        raise AssayError(f"There are {count} completions and tests for {len(tests)}.")
    return tests


@cache
def shared() -> CodeReward:
    """The reward that functions without one of their own use; ends with this process."""
    reward = CodeReward()
    atexit.register(reward.close)
    return reward


def score(completions: Sequence[str], tests: Mapping[str, Any] | Sequence[Any]) -> list[float | None]:
    """`CodeReward.score` by all tests passed or not, with judging processes that stay open till this process ends."""
    return shared().score(completions, tests)
