"""Tasks of Assay's benchmarks by their ids, for rows that name nothing else."""

from __future__ import annotations

from functools import cache

from assay.errors import AssayError
from assay.tasks.catalog import SOURCES, canonical_task_id, load
from assay.tasks.task import Task


def find(task_id: str, benchmark: str = "") -> Task:
    """The task of a benchmark. benchmark: as typed for `assay eval`; "" to go by the id, "HumanEval/0" or "Mbpp/2".

    Raises AssayError for an id that does not exist or says too little, and what loading the benchmark raises.
    """
    spec = benchmark or _by_prefix(task_id)
    tasks = _tasks(spec)
    task = tasks.get(canonical_task_id(spec, task_id))
    if task is None:
        known = list(tasks)
        raise AssayError(f"{spec} has no task {task_id!r}. It has {len(known)}, from {known[0]} to {known[-1]}.")
    return task


def _by_prefix(task_id: str) -> str:
    for source in SOURCES:
        if source.id_prefix and task_id.startswith(source.id_prefix):
            return source.spec
    if task_id.startswith("demo/"):
        return "demo"
    raise AssayError(f"The id {task_id!r} does not say of which benchmark it is; add a column 'benchmark'.")


@cache
def _tasks(spec: str) -> dict[str, Task]:
    return {task.task_id: task for task in load(spec).tasks}
