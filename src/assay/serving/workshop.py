"""What the server works with: one sandbox that runs programs, one desk that judges them, for all requests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from assay.errors import AssayError
from assay.judge.pool import JudgePool
from assay.rewards.desk import Desk
from assay.rewards.reward import CodeReward, Graded, NoSuchTests
from assay.sandbox.program import Limits, Program, Status
from assay.sandbox.sandbox import Run, Sandbox
from assay.tasks.task import RULE_SETS, Task

_ENDING = "The server is ending."


class Workshop:
    """Opened once for the life of a server. Use as a context manager; leaving it leaves no process behind.

    jobs: programs run, and as many judged, at once.
    """

    def __init__(self, jobs: int | None = None, unsafe: bool = False) -> None:
        """Raises SandboxUnavailable where this machine cannot isolate."""
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._desk = Desk(lambda: JudgePool(self.jobs, unsafe=unsafe))
        try:
            self._sandbox = Sandbox(self.jobs, unsafe=unsafe)
        except BaseException:
            self._desk.close()
            raise
        self.isolation = self._sandbox.isolation
        self._rewards = {rules: CodeReward(rules=rules, desk=self._desk, kept=20_000) for rules in RULE_SETS}
        self._threads = ThreadPoolExecutor(self.jobs, thread_name_prefix="assay-run")
        self._slots = asyncio.Semaphore(self.jobs)
        self._alone = asyncio.Lock()
        self._closed = False

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what runs, and the processes that ran it. Whoever waits for it gets AssayError. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._desk.close()
        self._sandbox.abort()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._sandbox.close()

    async def run(self, program: Program, limits: Limits, keep: tuple[str, ...] = ()) -> Run:
        """Run a program. One that hit its wall limit while it was running is run again alone before that is believed.

        Raises ValueError for an unknown language, AssayError when the workshop is closed meanwhile.
        """
        async with self._slots:
            run = await self._in_thread(program, limits, keep)
        if run.outcome.status is not Status.time_limit_wall:
            return run
        async with self._alone:
            taken = 0
            try:
                for _ in range(self.jobs):
                    await self._slots.acquire()
                    taken += 1
                return await self._in_thread(program, limits, keep)
            finally:
                for _ in range(taken):
                    self._slots.release()

    async def _in_thread(self, program: Program, limits: Limits, keep: tuple[str, ...]) -> Run:
        loop = asyncio.get_running_loop()
        if self._closed:
            raise AssayError(_ENDING)
        run = await loop.run_in_executor(self._threads, self._sandbox.run_keeping, program, limits, keep)
        if self._closed and run.outcome.status is Status.harness_error:
            raise AssayError(_ENDING)
        return run

    def task(self, row: Any) -> Task:
        """The task of a row of tests (`assay.rewards.columns`). Raises AssayError."""
        return self._rewards[RULE_SETS[0]].task(row)

    async def judge(self, answers: Sequence[tuple[str, Task, bool]], rules: str) -> list[Graded]:
        """Judge answers, each (text, task, whether it is the whole program).

        Raises NoSuchTests for unknown rules and for tasks that have none, AssayError when the judge ends before.
        """
        if rules not in self._rewards:
            raise NoSuchTests(f"There are no rules {rules!r}. Known: {', '.join(RULE_SETS)}.")
        begun = [self._rewards[rules].begin(text, task, whole) for text, task, whole in answers]
        return list(await asyncio.gather(*(asyncio.wrap_future(one) for one in begun)))
