"""A run: judge what is not judged yet, store every verdict as it comes, score what is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from assay.evaluation.plan import Plan
from assay.evaluation.record import run_record
from assay.evaluation.rows import make_row
from assay.evaluation.samples import Sample
from assay.evaluation.score import Summary, summarise
from assay.evaluation.store import RunFolder
from assay.judge.pool import Item, Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Isolation


class Pool(Protocol):
    """What a run needs of `assay.judge.pool.JudgePool`."""

    @property
    def isolation(self) -> Isolation: ...

    def judge(self, items: Iterable[Item]) -> Iterator[Judged]: ...


class Watcher(Protocol):
    """Who looks on. Called once per row, so it has to be cheap."""

    def begin(self, total: int, done: int, isolation: Isolation) -> None: ...

    def judged(self, verdicts: Mapping[str, Verdict]) -> None: ...


def run(
    plan: Plan,
    folder: RunFolder,
    open_pool: Callable[[], AbstractContextManager[Pool]],
    watcher: Watcher,
    *,
    jobs: int,
    arguments: Mapping[str, Any],
) -> Summary:
    """Judge every sample of `plan` that `folder` has no verdict for, then score the whole folder.

    open_pool is called only if something is left to judge. jobs, arguments: for `run.json`.

    Raises DiskError when a row cannot be stored, AssayError when the pool refuses to start. Whatever ends it, also
    KeyboardInterrupt, every verdict that came in before is on disk and the pool is closed.
    """
    left = [sample for sample in plan.samples if sample.key not in folder.finished]
    if left:
        with open_pool() as pool:
            folder.begin(run_record(plan, arguments, pool.isolation, jobs, folder.record))
            watcher.begin(len(plan.samples), len(plan.samples) - len(left), pool.isolation)
            for sample, verdicts in _verdicts(pool, plan, left):
                folder.append(make_row(sample.key, verdicts, plan.rule_sets))
                watcher.judged(verdicts)
    summary = summarise(folder.rows(), plan)
    folder.finish(summary.as_json())
    return summary


def _verdicts(pool: Pool, plan: Plan, left: Sequence[Sample]) -> Iterator[tuple[Sample, Mapping[str, Verdict]]]:
    """Every sample with its verdicts, as they come. An answer without code never enters the sandbox."""
    # One mapping per task, not per sample: the pool sends checks, which can be megabytes, only when they change.
    tasks = {sample.task.task_id: sample.task for sample in left}
    checks = {task_id: {name: task.checks[name] for name in plan.rule_sets} for task_id, task in tasks.items()}
    without_code: deque[tuple[Sample, Mapping[str, Verdict]]] = deque()

    def items() -> Iterator[Item]:
        for index, sample in enumerate(left):
            extracted = sample.program(plan.extract)
            if extracted.problem:
                without_code.append((sample, _no_code(plan, extracted.problem)))
            else:
                task_id = sample.task.task_id
                yield Item(index, task_id, extracted.program, checks[task_id])

    for judged in pool.judge(items()):
        yield left[judged.key], judged.verdicts
        while without_code:
            yield without_code.popleft()
    yield from without_code


def _no_code(plan: Plan, reason: str) -> dict[str, Verdict]:
    parts = tuple((part, VerdictKind.no_code) for part in plan.benchmark.parts)
    return {name: Verdict(VerdictKind.no_code, detail=reason, parts=parts) for name in plan.rule_sets}
