"""Grades of written programs: the judge's verdicts over tests that vary, remembered by program and test.

The tests stay outside: into the jail go the program and the arguments of calls, and what comes back is compared here.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

from assay.forge.task import Case, ForgeTask
from assay.judge.contest import CallCheck, CallTest
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict
from assay.sandbox.program import MIB, Limits
from assay.training.rl.store import program_hash

# References take microseconds, and starting the jailed process about 2 ms. CPU time, so a busy machine changes nothing.
LIMITS = Limits(cpu_s=0.1, wall_s=10.0, memory_bytes=256 * MIB, processes=8, output_bytes=MIB, kept_bytes=2048)
_TEST = re.compile(r"test (\d+) of \d+: ")
_MOST_KNOWN = 200_000


@dataclass(frozen=True)
class Grade:
    """passed: all tests it was given; None where the machine failed, which says nothing about the program.

    verdict, detail: the judge's. failing: the first test that failed, None where it did not get as far.
    """

    passed: bool | None
    verdict: str
    detail: str = ""
    failing: Case | None = None

    @property
    def reward(self) -> float | None:
        """1 for all tests passed, 0 for any failed, None for no verdict."""
        return None if self.passed is None else float(self.passed)


@dataclass
class Counts:
    """What grading has cost so far. asked: programs; judged: of them, run in the jail; None came from `harness`."""

    asked: int = 0
    judged: int = 0
    harness: int = 0
    wall_s: float = 0.0


@dataclass
class _Known:
    """What is known of a program of a task: tests it passes, and how it fails others; `always`: before any test."""

    passes: set[int] = field(default_factory=set)
    fails: dict[int, Grade] = field(default_factory=dict)
    always: Grade | None = None


class Grader:
    """Judges programs that were written for forge tasks. Use as a context manager.

    jobs: judging processes; they wait for work asleep, so they take no core while the model works.
    tests: how many of a task's tests one grading uses; which, depends on `seed`, the task and the round, so that no
    small set of inputs is always enough, and all samples of a group meet the same ones.
    """

    def __init__(self, jobs: int = 0, tests: int = 8, seed: int = 0, limits: Limits = LIMITS) -> None:
        """Raises SandboxUnavailable where this machine cannot jail."""
        self._pool = JudgePool(jobs or len(os.sched_getaffinity(0)))
        self._tests, self._seed, self._limits = tests, seed, limits
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self.counts = Counts()
        self.isolation = self._pool.isolation

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.close()

    def grade(self, asked: Sequence[tuple[ForgeTask, str]], round_: int) -> list[Grade]:
        """The grade of every (task, body), in order."""
        chosen = {task.task_id: self.numbers(task, round_) for task, _ in asked}
        return self._judge([(task, body, chosen[task.task_id], False) for task, body in asked])

    def audit(self, asked: Sequence[tuple[ForgeTask, str]]) -> list[Grade]:
        """Grades over the audit cases, all of them: which programs that were rewarded are really wrong.

        A task without audit cases is judged by all its tests.
        """
        plans = []
        for task, body in asked:
            hidden = bool(task.audit)
            plans.append((task, body, tuple(range(len(task.audit if hidden else task.tests))), hidden))
        return self._judge(plans)

    def numbers(self, task: ForgeTask, round_: int) -> tuple[int, ...]:
        """Which tests a round uses, in the order in which they are tried."""
        draw = random.Random(f"{self._seed} {round_} {task.task_id}")
        return tuple(draw.sample(range(len(task.tests)), min(self._tests, len(task.tests))))

    def _judge(self, plans: Sequence[tuple[ForgeTask, str, tuple[int, ...], bool]]) -> list[Grade]:
        begun = time.monotonic()
        grades: list[Grade | None] = [None] * len(plans)
        waiting: dict[tuple[str, str], list[int]] = {}
        checks: dict[tuple[str, tuple[int, ...]], dict[str, CallCheck]] = {}
        items = []
        for place, (task, body, numbers, hidden) in enumerate(plans):
            key = (task.task_id + ("#audit" if hidden else ""), program_hash(body))
            known = self._remembered(key, numbers)
            if known is not None:
                grades[place] = known
                continue
            waiting.setdefault(key, []).append(place)
            if len(waiting[key]) > 1:
                continue
            cases = task.audit if hidden else task.tests
            check = checks.setdefault((key[0], numbers), self._check(task, [cases[number] for number in numbers]))
            items.append(Item(key, task.task_id, task.prompt + body, check))
        for judged in self._pool.judge(items):
            places = waiting[judged.key]
            task, _, numbers, hidden = plans[places[0]]
            grade = self._grade(judged.key, judged.verdicts["tests"], task.audit if hidden else task.tests, numbers)
            for place in places:
                grades[place] = grade
        self.counts.asked += len(plans)
        self.counts.judged += len(items)
        self.counts.harness += sum(grade is not None and grade.passed is None for grade in grades)
        self.counts.wall_s += time.monotonic() - begun
        assert all(grade is not None for grade in grades)
        return [grade for grade in grades if grade is not None]

    def _check(self, task: ForgeTask, cases: Sequence[Case]) -> dict[str, CallCheck]:
        tests = tuple(CallTest(case.arguments, case.expected) for case in cases)
        return {"tests": CallCheck(task.entry_point, tests, limits=self._limits)}

    def _remembered(self, key: tuple[str, str], numbers: tuple[int, ...]) -> Grade | None:
        known = self._known.get(key)
        if known is None:
            return None
        self._known.move_to_end(key)
        if known.always is not None:
            return known.always
        for number in numbers:
            if number in known.fails:
                return known.fails[number]
            if number not in known.passes:
                return None
        return Grade(True, "accepted")

    def _grade(self, key: tuple[str, str], verdict: Verdict, cases: Sequence[Case], numbers: tuple[int, ...]) -> Grade:
        """The grade for a verdict; what it tells about single tests is remembered."""
        kind = verdict.kind.value
        if kind == "harness_error":
            return Grade(None, kind, verdict.detail)
        known = self._known.setdefault(key, _Known())
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        if verdict.passed:
            known.passes.update(numbers)
            return Grade(True, kind)
        match = _TEST.match(verdict.detail)
        if match is None:
            known.always = Grade(False, kind, verdict.detail)
            return known.always
        place = int(match[1]) - 1
        known.passes.update(numbers[:place])
        if kind in ("compile_error", "no_code") or ": while loading: " in verdict.detail:
            known.always = Grade(False, kind, verdict.detail)
            return known.always
        grade = Grade(False, kind, verdict.detail, cases[numbers[place]])
        known.fails[numbers[place]] = grade
        return grade
