"""`RayPool`: what `JudgePool` does, on the machines of a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from assay.judge.checks import Check
from assay.judge.pool import Item, Judged, JudgePool, is_doubtful
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Isolation
from assay.sandbox.ray_crew import Crew, Lost

_KNOWN_TASKS = 1024


class _JudgeWorker:
    """One judging process of one core.

    Checks, which can be megabytes, come by Ray's object store: a machine fetches those of a task once.
    """

    def __init__(self, unsafe: bool, hash_seed: int) -> None:
        self._pool = JudgePool(1, unsafe, hash_seed)
        self._known: dict[Any, Mapping[str, Check]] = {}

    @property
    def isolation(self) -> Isolation:
        return self._pool.isolation

    def work(self, batch: list[tuple[str, str, str, list[Any]]]) -> Iterator[tuple[int, dict[str, Verdict]]]:
        items = [
            Item(place, task_key, program, self._checks(boxed[0]), language)
            for place, (task_key, program, language, boxed) in enumerate(batch)
        ]
        for judged in self._pool.judge(items):
            yield judged.key, judged.verdicts

    def _checks(self, reference: Any) -> Mapping[str, Check]:
        import ray

        if reference not in self._known:
            if len(self._known) >= _KNOWN_TASKS:
                self._known.pop(next(iter(self._known)))
            self._known[reference] = ray.get(reference)
        return self._known[reference]

    def close(self) -> None:
        self._pool.close()


class RayPool:
    """Judging processes on all cores of a cluster. Use as a context manager; leaving it ends them.

    address, workers: as for `Crew`. unsafe, hash_seed: as for `JudgePool`.
    """

    def __init__(
        self, address: str = "auto", workers: int | None = None, unsafe: bool = False, hash_seed: int = 0
    ) -> None:
        """Raises AssayError where Ray is missing or the cluster is not reached, or where a machine cannot isolate."""
        self._crew = Crew(lambda: _JudgeWorker(unsafe, hash_seed), address, workers)
        self.isolation, self.jobs = self._crew.isolation, self._crew.workers
        self._checks: dict[int, tuple[Mapping[str, Check], Any]] = {}

    def __enter__(self) -> RayPool:
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

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]:
        """As `JudgePool.judge`: each item is reported exactly once, as results are ready.

        wake: not looked at; items that may come are asked for twenty times a second.
        What a worker could not judge even alone, because its machine was busy, is judged again at the end with nothing
        beside it in the cluster.
        """
        doubtful: list[Item] = []
        for item, verdicts in self._run(items):
            if is_doubtful(verdicts):
                doubtful.append(item)
            else:
                yield Judged(item.key, verdicts)
        for item in doubtful:
            for _, verdicts in self._run([item]):
                again = {
                    rules: replace(v, flags=tuple(dict.fromkeys((*v.flags, "retried"))))
                    for rules, v in verdicts.items()
                }
                yield Judged(item.key, again)

    def _run(self, items: Iterable[Item | None]) -> Iterator[tuple[Item, dict[str, Verdict]]]:
        under_way: dict[int, Item] = {}

        def payloads() -> Iterator[Any | None]:
            number = 0
            for item in items:
                if item is None:
                    yield None
                    continue
                under_way[number] = item
                number += 1
                yield item.task_key, item.program, item.language, [self._stored(item.checks)]

        for number, result in self._crew.map(payloads()):
            item = under_way.pop(number)
            if isinstance(result, Lost):
                result = {rules: Verdict(VerdictKind.harness_error, result.why) for rules in item.checks}
            yield item, result

    def _stored(self, checks: Mapping[str, Check]) -> Any:
        """Where the cluster keeps these checks, which then stay the same object here."""
        import ray

        known = self._checks.get(id(checks))
        if known is None:
            if len(self._checks) >= _KNOWN_TASKS:
                self._checks.pop(next(iter(self._checks)))
            known = self._checks[id(checks)] = (checks, ray.put(dict(checks)))
        return known[1]
