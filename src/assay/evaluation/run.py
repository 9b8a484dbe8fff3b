"""A run: ask for what is not written, judge what is not judged, store both as they come, score what is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from assay.evaluation.generation import Generation, Spectator
from assay.evaluation.plan import Plan
from assay.evaluation.record import run_record
from assay.evaluation.rows import make_row
from assay.evaluation.samples import Sample
from assay.evaluation.score import Summary, summarise
from assay.evaluation.shares import answer_shares
from assay.evaluation.store import RunFolder
from assay.evaluation.usage import Price, summarise_usage
from assay.judge.checks import Check
from assay.judge.pool import Item, Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.models.model import Model
from assay.sandbox.program import Isolation


class Pool(Protocol):
    """What a run needs of `assay.judge.pool.JudgePool`."""

    @property
    def isolation(self) -> Isolation: ...

    def judge(self, items: Iterable[Item | None], wake: int = -1) -> Iterator[Judged]: ...


class Watcher(Spectator, Protocol):
    """Who looks on. Called once per row, so it has to be cheap."""

    def begin(self, total: int, done: int, isolation: Isolation, to_write: int = 0) -> None: ...

    def judged(self, verdicts: Mapping[str, Verdict]) -> None: ...


def run(
    plan: Plan,
    folder: RunFolder,
    open_pool: Callable[[], AbstractContextManager[Pool]],
    watcher: Watcher,
    *,
    jobs: int,
    arguments: Mapping[str, Any],
    model: Model | None = None,
    price: Price | None = None,
) -> Summary:
    """Write and judge every sample of `plan` that `folder` has no verdict for, then score the whole folder.

    open_pool is called only if something is left to judge. jobs, arguments: for `run.json`. model: asks the questions
    of the plan, if it has any. price: of its tokens.

    Raises DiskError when a row cannot be stored, AssayError when the pool does not start or the model stops answering.
    Whatever ends it, also KeyboardInterrupt, everything that came in before is on disk and the pool is closed.
    """
    samples = [sample for sample in plan.samples if sample.key not in folder.finished]
    questions = [question for question in plan.questions if question.key not in folder.finished]
    if samples or questions:
        total = len(plan.samples) + len(plan.questions)
        with open_pool() as pool:
            folder.begin(run_record(plan, arguments, pool.isolation, jobs, folder.record, model))
            if plan.source is None:
                folder.keep(plan.samples)
            else:
                folder.copy_answers(plan.source)
            to_write = sum(question.key not in folder.completions for question in questions)
            watcher.begin(total, total - len(samples) - len(questions), pool.isolation, to_write)
            if questions:
                assert model is not None and plan.asking is not None
                with Generation(model, plan.asking, folder, questions, watcher) as generation:
                    _judge(pool, plan, folder, watcher, generation.samples(), generation.wake)
                    generation.check()
            else:
                _judge(pool, plan, folder, watcher, iter(samples))
    summary = summarise(folder.rows(), plan)
    shares = answer_shares(
        folder.rows(),
        folder.completions.rows(),
        plan.rule_sets[-1],
        repeated=plan.identity.get("repeat_judging") is not None,
    )
    summary = replace(summary, shares=shares)
    if "generation" in folder.record:
        rows, first_rows = folder.completions.rows(), folder.first_answers.rows()
        usage = summarise_usage(rows, first_rows, plan.wanted or len(plan.keys), price)
        summary = replace(summary, generation=usage)
    if plan.questions:
        tasks = {question.task.task_id for question in plan.questions}
        summary = replace(summary, unanswered=len(tasks) - summary.tasks)
    folder.finish(summary.as_json())
    return summary


def _judge(
    pool: Pool, plan: Plan, folder: RunFolder, watcher: Watcher, samples: Iterator[Sample | None], wake: int = -1
) -> None:
    for sample, verdicts in _verdicts(pool, plan, samples, wake):
        folder.append(make_row(sample.key, verdicts, plan.rule_sets))
        watcher.judged(verdicts)


def _verdicts(
    pool: Pool, plan: Plan, samples: Iterator[Sample | None], wake: int
) -> Iterator[tuple[Sample, Mapping[str, Verdict]]]:
    """Every sample with its verdicts, as they come. An answer without code never enters the sandbox."""
    # One mapping per task, not per sample: the pool sends checks, which can be megabytes, only when they change.
    checks: dict[str, dict[str, Check]] = {}
    under_way: dict[int, Sample] = {}
    without_code: deque[tuple[Sample, Mapping[str, Verdict]]] = deque()

    def items() -> Iterator[Item | None]:
        for index, sample in enumerate(samples):
            if sample is None:
                yield None
                continue
            extracted = sample.program(plan.extract)
            if extracted.problem:
                without_code.append((sample, _no_code(plan, extracted.problem)))
                continue
            task = sample.task
            if task.task_id not in checks:
                checks[task.task_id] = {name: task.checks[name] for name in plan.rule_sets}
            under_way[index] = sample
            yield Item(index, task.task_id, extracted.program, checks[task.task_id], extracted.language)

    for judged in pool.judge(items(), wake):
        yield under_way.pop(judged.key), judged.verdicts
        while without_code:
            yield without_code.popleft()
    yield from without_code


def _no_code(plan: Plan, reason: str) -> dict[str, Verdict]:
    parts = tuple((part, VerdictKind.no_code) for part in plan.benchmark.parts)
    return {name: Verdict(VerdictKind.no_code, detail=reason, parts=parts) for name in plan.rule_sets}
