"""`RaySandbox`: `Sandbox.map` on the machines of a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assay.sandbox.program import Isolation, Limits, Outcome, Program, Status
from assay.sandbox.ray_crew import Crew, Lost
from assay.sandbox.sandbox import Sandbox


class _SandboxWorker:
    """One sandbox of one core."""

    def __init__(self, unsafe: bool, hash_seed: int) -> None:
        self._sandbox = Sandbox(1, unsafe=unsafe, hash_seed=hash_seed)

    @property
    def isolation(self) -> Isolation:
        return self._sandbox.isolation

    def work(self, batch: list[tuple[Program, Limits | None]]) -> Iterator[tuple[int, Outcome]]:
        for place, (program, limits) in enumerate(batch):
            yield place, self._sandbox.run(program, limits)

    def close(self) -> None:
        self._sandbox.close()


class RaySandbox:
    """Warm interpreters on all cores of a cluster. Use as a context manager.

    address, workers: as for `Crew`. limits, unsafe, hash_seed: as for `Sandbox`.
    """

    def __init__(
        self,
        address: str = "auto",
        workers: int | None = None,
        limits: Limits | None = None,
        *,
        unsafe: bool = False,
        hash_seed: int = 0,
    ) -> None:
        """Raises AssayError where Ray is missing or the cluster is not reached, or where a machine cannot isolate."""
        self._limits = limits
        self._crew = Crew(lambda: _SandboxWorker(unsafe, hash_seed), address, workers)
        self.isolation, self.jobs = self._crew.isolation, self._crew.workers

    def __enter__(self) -> RaySandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._crew.close()

    @property
    def sent_again(self) -> int:
        """How much was given to another worker because the first one died before it gave the result."""
        return self._crew.sent_again

    def processes(self) -> list[int]:
        """The process ids of the workers, each on its own machine."""
        return self._crew.processes()

    def map(self, programs: Iterable[Program], limits: Limits | None = None) -> Iterator[tuple[Program, Outcome]]:
        """Run programs on all cores; results come as they are ready, each once.

        As `Sandbox.map`, also in that a program which hit its wall limit while it was still running is run again alone
        after the others. One whose workers died three times is a harness_error.
        """
        limits = limits or self._limits
        again: list[Program] = []
        for program, outcome in self._run(programs, limits):
            if outcome.status is Status.time_limit_wall:
                again.append(program)
            else:
                yield program, outcome
        for program in again:
            yield from self._run([program], limits)

    def _run(self, programs: Iterable[Program], limits: Limits | None) -> Iterator[tuple[Program, Outcome]]:
        under_way: dict[int, Program] = {}

        def payloads() -> Iterator[tuple[Program, Limits | None]]:
            for number, program in enumerate(programs):
                under_way[number] = program
                yield program, limits

        for number, result in self._crew.map(payloads()):
            if isinstance(result, Lost):
                result = Outcome(Status.harness_error, detail=result.why, isolation=self.isolation)
            yield under_way.pop(number), result
