"""Grades of written programs: the judge's verdicts over tests that vary, remembered by program and test.

The tests stay outside: into the jail go the program and the arguments of calls, and what comes back is compared here.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType

from assay.forge.task import Case, ForgeTask
from assay.judge.contest import CallCheck, CallTest
from assay.judge.pool import Item, JudgePool
from assay.judge.verdict import Verdict
from assay.sandbox.program import MIB, Limits
from assay.training.rl.store import program_hash
from assay.training.rl.written import Written

# References take microseconds, and starting the jailed process about 2 ms. CPU time, so a busy machine changes nothing.
LIMITS = Limits(cpu_s=0.1, wall_s=10.0, memory_bytes=256 * MIB, processes=8, output_bytes=MIB, kept_bytes=2048)
_TEST = re.compile(r"test (\d+) of \d+: ")
_MOST_KNOWN = 200_000
Key = tuple[str, str]  # of a program under a set of tests: the task and which set, the program's hash


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


@dataclass(frozen=True)
class Plan:
    """How one answer is graded. numbers: which tests, in the order in which they are tried. hidden: of the audit's."""

    task: ForgeTask
    body: str
    numbers: tuple[int, ...]
    hidden: bool = False

    @cached_property
    def key(self) -> Key:
        return self.task.task_id + ("#audit" if self.hidden else ""), program_hash(self.body)

    @property
    def cases(self) -> Sequence[Case]:
        return self.task.audit if self.hidden else self.task.tests


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
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._pool = JudgePool(self.jobs)
        self._tests, self._seed, self._limits = tests, seed, limits
        self._known: OrderedDict[Key, _Known] = OrderedDict()
        self.counts = Counts()
        self.isolation = self._pool.isolation

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.close()

    def grade(self, asked: Sequence[tuple[ForgeTask, str]], round_: int) -> list[Grade]:
        """The grade of every (task, body), in order."""
        return self._judge(self._plans(asked, round_))

    def grade_as_written(self, written: Written, round_: int) -> dict[tuple[str, str], Grade]:
        """(task id, body) -> grade, of answers that are still being written. For a thread of its own."""
        grades = self._judge(self._plans(written, round_), written.ready)
        return {(task.task_id, body): grade for (task, body), grade in zip(written.answers, grades, strict=True)}

    def rest(self, processes: int) -> None:
        """See `JudgePool.rest`."""
        self._pool.rest(processes)

    def audit(self, asked: Sequence[tuple[ForgeTask, str]]) -> list[Grade]:
        """Grades over the audit cases, all of them: which programs that were rewarded are really wrong.

        A task without audit cases is judged by all its tests.
        """
        plans: list[Plan | None] = []
        for task, body in asked:
            hidden = bool(task.audit)
            plans.append(Plan(task, body, tuple(range(len(task.audit if hidden else task.tests))), hidden))
        return self._judge(plans)

    def numbers(self, task: ForgeTask, round_: int) -> tuple[int, ...]:
        """Which tests a round uses, in the order in which they are tried."""
        draw = random.Random(f"{self._seed} {round_} {task.task_id}")
        return tuple(draw.sample(range(len(task.tests)), min(self._tests, len(task.tests))))

    def _plans(self, asked: Iterable[tuple[ForgeTask, str] | None], round_: int) -> Iterator[Plan | None]:
        """All samples of a task meet the same tests."""
        chosen: dict[str, tuple[int, ...]] = {}
        for each in asked:
            if each is None:
                yield None
                continue
            task, body = each
            if task.task_id not in chosen:
                chosen[task.task_id] = self.numbers(task, round_)
            yield Plan(task, body, chosen[task.task_id])

    def _judge(self, plans: Iterable[Plan | None], wake: int = -1) -> list[Grade]:
        """The grades of the plans, in order. None and `wake`: as in `JudgePool.judge`."""
        begun = time.monotonic()
        seen: list[Plan] = []
        grades: dict[int, Grade] = {}  # by place in `seen`
        waiting: dict[Key, list[int]] = {}  # places
        judged: dict[Key, Grade] = {}
        checks: dict[tuple[str, tuple[int, ...]], dict[str, CallCheck]] = {}

        def items() -> Iterator[Item | None]:
            for plan in plans:
                if plan is None:
                    yield None
                    continue
                place = len(seen)
                seen.append(plan)
                known = judged.get(plan.key) or self._remembered(plan.key, plan.numbers)
                if known is not None:
                    grades[place] = known
                    continue
                waiting.setdefault(plan.key, []).append(place)
                if len(waiting[plan.key]) > 1:
                    continue
                if (plan.key[0], plan.numbers) not in checks:
                    checks[plan.key[0], plan.numbers] = self._check(plan)
                check = checks[plan.key[0], plan.numbers]
                yield Item(plan.key, plan.task.task_id, plan.task.prompt + plan.body, check)

        for answer in self._pool.judge(items(), wake):
            places = waiting[answer.key]
            grade = judged[answer.key] = self._grade(seen[places[0]], answer.verdicts["tests"])
            grades |= dict.fromkeys(places, grade)
        self.counts.asked += len(seen)
        self.counts.judged += len(judged)
        self.counts.harness += sum(grade.passed is None for grade in grades.values())
        self.counts.wall_s += time.monotonic() - begun
        return [grades[place] for place in range(len(seen))]

    def _check(self, plan: Plan) -> dict[str, CallCheck]:
        cases = [plan.cases[number] for number in plan.numbers]
        tests = tuple(CallTest(case.arguments, case.expected) for case in cases)
        return {"tests": CallCheck(plan.task.entry_point, tests, limits=self._limits)}

    def _remembered(self, key: Key, numbers: tuple[int, ...]) -> Grade | None:
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

    def _grade(self, plan: Plan, verdict: Verdict) -> Grade:
        """The grade for a verdict; what it tells about single tests is remembered."""
        numbers, kind = plan.numbers, verdict.kind.value
        if kind == "harness_error":
            return Grade(None, kind, verdict.detail)
        known = self._known.setdefault(plan.key, _Known())
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
        grade = Grade(False, kind, verdict.detail, plan.cases[numbers[place]])
        known.fails[numbers[place]] = grade
        return grade
