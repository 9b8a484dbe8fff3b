"""Every benchmark by name: what there is, how to load it, how it spells its task ids."""

from __future__ import annotations

from pathlib import Path

from assay.errors import AssayError
from assay.tasks import evalplus, humaneval, mbpp
from assay.tasks.sources import BUILT_IN, SOURCES, Source, resolve
from assay.tasks.task import Benchmark


def load(spec: str, data_dir: Path | None = None, rules: str | None = None) -> Benchmark:
    """Load a benchmark by what a user types: "humaneval", "humaneval+@v0.1.9", "mbpp@sanitized", "demo" ...

    data_dir: searched first for the data file. rules: EvalPlus rules, "0.2" or "0.3", for HumanEval+ and MBPP+ only.
    Raises AssayError for an unknown name or version, for rules that do not apply, and for a missing or damaged file.
    """
    if rules is not None and not spec.startswith(("humaneval+", "mbpp+")):
        raise AssayError(f"EvalPlus rules ({rules!r}) apply to humaneval+ and mbpp+ only, not to {spec!r}.")
    if spec in BUILT_IN:
        from assay.tasks import demo

        return demo.load()
    source = resolve(spec)
    if source.name == "humaneval":
        benchmark = humaneval.load(source, data_dir)
    elif source.name == "mbpp":
        benchmark = mbpp.load(source, data_dir)
    else:
        benchmark = evalplus.load(source, data_dir, rules)
    _check_ids(benchmark)
    return benchmark


def names() -> tuple[Source, ...]:
    """Everything that `load` accepts, defaults first within a name. Built-in sets have no `url` and no `file`."""
    from assay.tasks import demo

    benchmark = demo.load()
    return (*SOURCES, Source("demo", "", "", "", len(benchmark.tasks), "Apache-2.0", benchmark.data_sha256))


def canonical_task_id(spec: str, raw: str | int) -> str:
    """How the benchmark `spec` spells a task id that a samples file may spell otherwise (see `assay.tasks.ids`)."""
    if spec.startswith("humaneval"):
        return humaneval.canonical_task_id(raw)
    if spec.startswith("mbpp"):
        return mbpp.canonical_task_id(raw)
    return str(raw)


def _check_ids(benchmark: Benchmark) -> None:
    seen = set()
    for task in benchmark.tasks:
        if task.task_id in seen:
            raise AssayError(
                f"The data of {benchmark.name!r} holds task {task.task_id} twice. "
                f"Download it again with: assay data fetch {benchmark.name}"
            )
        seen.add(task.task_id)
