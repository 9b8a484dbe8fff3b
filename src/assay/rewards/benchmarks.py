"""Tasks of Assay's benchmarks by their ids, for rows that name nothing else."""

from __future__ import annotations

from functools import cache

from assay.errors import AssayError
from assay.tasks import own
from assay.tasks.catalog import SOURCES, canonical_task_id, load
from assay.tasks.sources import choose
from assay.tasks.task import Task


def find(task_id: str, benchmark: str = "", *, folders: bool = False) -> Task:
    """The task of a benchmark. benchmark: as typed for `assay eval`; "" to go by the id, "HumanEval/0" or "Mbpp/2".

    folders: whether `benchmark` may be a folder of tasks. Rows and requests may come from others, and must not make
    this process read what they like.
    Raises AssayError for an id that does not exist or says too little, for a folder that may not be, and what loading
    the benchmark raises.
    """
    spec = benchmark or _by_prefix(task_id)
    if not spec:
        raise AssayError(f"The id {task_id!r} does not say of which benchmark it is; add a column 'benchmark'.")
    if not folders:
        if own.is_folder_spec(spec):
            raise AssayError(
                f"{spec!r} is a folder of tasks, which a row or a request may not name. Name a benchmark of "
                "`assay tasks list`, or open the reward with CodeReward(benchmark=FOLDER)."
            )
        choose(spec, SOURCES)  # `load` would look whether there is a folder of that name
    tasks = _tasks(spec)
    task = tasks.get(canonical_task_id(spec, task_id))
    if task is None:
        known = list(tasks)
        raise AssayError(f"{spec} has no task {task_id!r}. It has {len(known)}, from {known[0]} to {known[-1]}.")
    return task


def names_benchmark(task_id: str) -> bool:
    """Whether an id says of which benchmark it is."""
    return bool(_by_prefix(task_id))


def _by_prefix(task_id: str) -> str:
    for source in SOURCES:
        if source.id_prefix and task_id.startswith(source.id_prefix):
            return source.spec
    return "demo" if task_id.startswith("demo/") else ""


@cache
def _tasks(spec: str) -> dict[str, Task]:
    return {task.task_id: task for task in load(spec).tasks}
