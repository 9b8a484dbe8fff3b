"""`Sandbox`: run untrusted programs on all cores and see what happened to them."""

from __future__ import annotations

import asyncio
import os
import queue
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from assay.sandbox.executable import Executable
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import Isolation, Limits, Outcome, Program, Status
from assay.sandbox.warm import Zygote, ZygoteDied, open_zygote


@dataclass(frozen=True)
class Run:
    """A program's outcome; what its compiler said, None without one; and the files it left that were asked for."""

    outcome: Outcome
    compiled: Outcome | None = None
    files: dict[str, bytes] = field(default_factory=dict)


class Sandbox:
    """Warm interpreters, one per core, that run programs in jails. Use as a context manager. Thread-safe.

    jobs: how many programs run at once, by default one per core. limits: for programs that bring none of their own.
    unsafe: run programs even where this machine cannot isolate. hash_seed: PYTHONHASHSEED inside.
    """

    def __init__(
        self, jobs: int | None = None, limits: Limits | None = None, *, unsafe: bool = False, hash_seed: int = 0
    ) -> None:
        """Raises SandboxUnavailable where this machine cannot isolate."""
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._limits, self._unsafe, self._hash_seed = limits or Limits(), unsafe, hash_seed
        first = open_zygote(hash_seed, unsafe)
        self.isolation: Isolation = first.isolation
        # None stands for an interpreter that has still to be started
        self._free: queue.Queue[Zygote | None] = queue.Queue()
        self._all = {first}
        self._given_up = False
        self._free.put(first)
        for _ in range(self.jobs - 1):
            self._free.put(None)
        self._threads = ThreadPoolExecutor(self.jobs, thread_name_prefix="assay-sandbox")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # Ctrl-C and the like: nobody wants to wait for what is still running
            self.abort()
        self.close()

    def abort(self) -> None:
        """End what runs; nothing runs any more. Close the sandbox next."""
        self._given_up = True
        for zygote in list(self._all):
            zygote.abort()

    def close(self) -> None:
        """Wait for running programs and end the interpreters."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._free.empty():
            zygote = self._free.get()
            if zygote is not None:
                zygote.close()

    def run(self, program: Program, limits: Limits | None = None) -> Outcome:
        """Run one program and wait for it.

        A failure of the harness itself is tried once more and then reported as Status.harness_error. Raises ValueError
        for an unknown language.
        """
        outcome = self._attempt(program, limits or self._limits)
        if outcome.status is Status.harness_error:
            outcome = self._attempt(program, limits or self._limits)
        return outcome

    def run_keeping(self, program: Program, limits: Limits | None = None, keep: tuple[str, ...] = ()) -> Run:
        """`run` with what the compiler said and the files that the program left (see `Executable.run_keeping`)."""
        run = self._attempt_keeping(program, limits or self._limits, keep)
        if run.outcome.status is Status.harness_error:
            run = self._attempt_keeping(program, limits or self._limits, keep)
        return run

    def map(self, programs: Iterable[Program], limits: Limits | None = None) -> Iterator[tuple[Program, Outcome]]:
        """Run programs on all cores; results come as they are ready.

        The programs are taken as they are needed. One that hit its wall limit while it was still running may be the
        victim of a busy machine: it is run again alone after the others, and that outcome counts.
        """
        waiting = iter(programs)
        running: dict[Future[Outcome], Program] = {}
        again: list[Program] = []
        while True:
            while len(running) < self.jobs and (program := next(waiting, None)) is not None:
                running[self._threads.submit(self.run, program, limits)] = program
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                program, outcome = running.pop(future), future.result()
                if outcome.status is Status.time_limit_wall:
                    again.append(program)
                else:
                    yield program, outcome
        for program in again:
            yield program, self.run(program, limits)

    async def arun(self, program: Program, limits: Limits | None = None) -> Outcome:
        """`run` for asyncio."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run, program, limits)

    async def amap(
        self, programs: Iterable[Program], limits: Limits | None = None
    ) -> AsyncIterator[tuple[Program, Outcome]]:
        """`map` for asyncio."""
        results = self.map(programs, limits)
        loop = asyncio.get_running_loop()
        while True:
            # a thread of the default pool waits, since the sandbox's own threads are busy running programs
            pair = await loop.run_in_executor(None, next, results, None)
            if pair is None:
                return
            yield pair

    def _attempt(self, program: Program, limits: Limits) -> Outcome:
        return self._attempt_keeping(program, limits, ()).outcome

    def _attempt_keeping(self, program: Program, limits: Limits, keep: tuple[str, ...]) -> Run:
        if program.language not in LANGUAGES:
            raise ValueError(f"unknown language {program.language!r}; known are {', '.join(sorted(LANGUAGES))}")
        if self._given_up:
            return Run(Outcome(Status.harness_error, detail="the sandbox was closed", isolation=self.isolation))
        zygote = self._free.get()
        try:
            if zygote is None:
                zygote = open_zygote(self._hash_seed, self._unsafe)
                self._all.add(zygote)
                if self._given_up:  # meanwhile, so that `abort` did not know of this one
                    raise ZygoteDied("the sandbox was closed")
            executable = Executable(zygote, program, limits)
            if keep:
                outcome, kept = executable.run_keeping(limits, keep)
                return Run(outcome, executable.compiled, kept)
            return Run(executable.run(limits), executable.compiled)
        except ZygoteDied as error:
            assert zygote is not None
            self._all.discard(zygote)
            zygote.close()
            zygote = None
            return Run(Outcome(Status.harness_error, detail=str(error), isolation=self.isolation))
        finally:
            self._free.put(zygote)
