"""The samples of a run: which answer to which task."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial as partial_function
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.benchmarks import canonical_task_id
from assay.evaluation.rows import Key
from assay.models.recorded import load_recorded
from assay.tasks.extract import extract
from assay.tasks.extracted import Extracted
from assay.tasks.task import Benchmark, Task


@dataclass(frozen=True)
class Sample:
    """One answer to one task.

    number: counts the samples of a task from 0.
    text: the completion or solution; None stands for the task's reference.
    is_solution: True when `text` is a whole program, False when it continues the prompt.
    about: what a samples file says of the answer beside its text (see `assay.models.recorded.KNOWN`).
    """

    task: Task
    number: int
    text: str | None = None
    is_solution: bool = False
    about: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> Key:
        return self.task.task_id, self.number

    def program(self, style: str) -> Extracted:
        """The program to judge, or the problem that leaves nothing to judge. `style` is --extract."""
        if self.text is None:
            return Extracted(self.task.finished(self.task.reference), language=self.task.language)
        return extract(self.task, self.text, self.is_solution, style)


def reference_samples(benchmark: Benchmark, tasks: Sequence[Task]) -> tuple[Sample, ...]:
    """The benchmark's own solutions, one per task (`--model gold`). Raises AssayError for a benchmark without them."""
    for task in tasks:
        if not task.reference:
            raise AssayError(f"{benchmark.name} stores no reference solution of {task.task_id}, so gold has no answer.")
    return tuple(Sample(task, 0) for task in tasks)


def buggy_samples(benchmark: Benchmark, tasks: Sequence[Task]) -> tuple[Sample, ...]:
    """The wrong programs that a benchmark stores, one per task (`--model buggy`): none of them may pass.

    Raises AssayError for a benchmark that stores none.
    """
    for task in tasks:
        if not task.buggy:
            raise AssayError(f"{benchmark.name} stores no buggy programs (task {task.task_id}), so none can be judged.")
    return tuple(Sample(task, 0, task.buggy, is_solution=True) for task in tasks)


def recorded_samples(
    path: Path, benchmark: Benchmark, tasks: Sequence[Task], partial: bool
) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """The samples in the file `path` for `tasks`, in the order of tasks; and warnings about odd rows.

    `assay.models.layouts` says how the file may be laid out. Samples of tasks that the benchmark has but that were not
    asked for are left aside. Raises AssayError for a file that cannot be read, a task id that the benchmark does not
    have and, unless `partial`, a task without samples.
    """
    orders = [[task.task_id for task in each] for each in (benchmark.tasks, tasks)]
    recorded = load_recorded(path, partial_function(canonical_task_id, benchmark.name), orders)
    known = {task.task_id for task in benchmark.tasks}
    by_id = {task.task_id: task for task in tasks}
    found: dict[str, list[Sample]] = {task_id: [] for task_id in by_id}
    for one in recorded.samples:
        if one.task_id not in known:
            raise AssayError(_unknown_task(f"{path}, line {one.line}", one.task_id, benchmark))
        if one.task_id in by_id:
            found[one.task_id].append(Sample(by_id[one.task_id], one.sample, one.text, one.is_solution, one.about))
    missing = [task_id for task_id, samples in found.items() if not samples]
    if len(missing) == len(tasks):
        raise AssayError(f"{path} has no sample for any of the {len(tasks)} chosen tasks of {benchmark.name}.")
    if missing and not partial:
        which = missing[0] if len(missing) == 1 else f"{missing[0]} and {len(missing) - 1} more"
        raise AssayError(
            f"{path} has no sample for {which} of the {len(tasks)} chosen tasks of {benchmark.name}. Add what is "
            "missing, choose tasks with --task or --limit, or score only the tasks that have samples with --partial."
        )
    samples = tuple(sample for task_id in by_id for sample in found[task_id])
    look = "It is judged as it stands; correct or remove that line."
    return samples, tuple(f"{warning} {look}" for warning in recorded.warnings)


def choose_tasks(benchmark: Benchmark, task_ids: Sequence[str], limit: int | None) -> tuple[Task, ...]:
    """The tasks named in `task_ids` (all if empty), in file order, at most `limit`. Raises AssayError."""
    by_id: Mapping[str, Task] = {task.task_id: task for task in benchmark.tasks}
    for task_id in task_ids:
        if task_id not in by_id:
            raise AssayError(_unknown_task("--task", task_id, benchmark))
    wanted = set(task_ids)
    tasks = tuple(task for task in benchmark.tasks if not wanted or task.task_id in wanted)
    return tasks if limit is None else tasks[:limit]


def file_sha256(path: Path) -> str:
    """sha256 of the file as it lies on disk (packed, if it is packed). Raises AssayError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AssayError(f"The samples file {path} cannot be read: {error.strerror}. Check the path.") from None


def _unknown_task(where: str, task_id: str, benchmark: Benchmark) -> str:
    task_id = task_id[:100]
    near = difflib.get_close_matches(task_id, [task.task_id for task in benchmark.tasks], n=1, cutoff=0.0)
    return (
        f"{where}: {benchmark.name} has no task {task_id!r}; the nearest is {near[0]!r}. Correct the id, or choose "
        "the benchmark that the samples were written for."
    )
