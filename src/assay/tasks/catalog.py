"""Every benchmark by name: what there is, how to load it, how it spells its task ids.

A benchmark family is a module with `SOURCES` and `load`; adding one is adding its file, and its name below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from assay.errors import AssayError
from assay.tasks import (
    classeval,
    code_contests,
    cruxeval,
    demo,
    evalplus,
    humaneval,
    humanevalpack,
    infilling,
    livecodebench,
    mbpp,
    multipl_e,
    own,
    quixbugs,
    securityeval,
)
from assay.tasks.ids import canonical_task_id as _canonical
from assay.tasks.sources import Source, choose, split_spec
from assay.tasks.task import Benchmark


class Family(Protocol):
    """What a benchmark module offers: its sources, defaults first, and how one of them is read."""

    @property
    def SOURCES(self) -> tuple[Source, ...]: ...

    def load(self, source: Source, data_dir: Path | None = None) -> Benchmark: ...


FAMILIES: tuple[Family, ...] = (
    humaneval,
    evalplus,
    mbpp,
    infilling,
    humanevalpack,
    quixbugs,
    cruxeval,
    code_contests,
    livecodebench,
    classeval,
    securityeval,
    multipl_e,
    demo,
)

SOURCES: tuple[Source, ...] = tuple(source for family in FAMILIES for source in family.SOURCES)
_FAMILY = {source.name: family for family in FAMILIES for source in family.SOURCES}
_ID_PREFIXES = {(source.name, source.part): source.id_prefix for source in SOURCES}


def resolve(spec: str) -> Source:
    """The source that a user means by "name[:part][@version]" or by a folder of tasks.

    Raises AssayError for one that does not exist.
    """
    if own.is_folder_spec(spec):
        return own.source(spec)
    try:
        return choose(spec, SOURCES)
    except AssayError as error:
        hint = f" For the folder of that name write ./{spec}." if Path(spec).is_dir() else ""
        raise AssayError(f"{error}{hint}") from None


def load(spec: str, data_dir: Path | None = None, rules: str | None = None) -> Benchmark:
    """Load a benchmark by what a user types: "humaneval", "humaneval+@v0.1.9", "cruxeval:output", "./my-tasks" ...

    data_dir: searched first for the data file. rules: EvalPlus rules, "0.2" or "0.3", for HumanEval+ and MBPP+ only.
    Raises AssayError for an unknown name, part or version, for rules that do not apply, and for a missing or damaged
    file.
    """
    if own.is_folder_spec(spec) and rules is None:
        return own.load(spec)
    source = resolve(spec)
    family = _FAMILY.get(source.name)
    if family is evalplus:
        benchmark = evalplus.load(source, data_dir, rules)
    elif rules is None and family is not None:
        benchmark = family.load(source, data_dir)
    else:
        raise AssayError(f"EvalPlus rules ({rules!r}) apply to humaneval+ and mbpp+ only, not to {spec!r}.")
    _check_ids(benchmark)
    return benchmark


def canonical_task_id(spec: str, raw: str | int) -> str:
    """How the benchmark `spec` spells a task id that a samples file may spell otherwise (see `assay.tasks.ids`)."""
    if own.is_folder_spec(spec):
        return str(raw)
    name, part, _ = split_spec(spec)
    return _canonical(_ID_PREFIXES.get((name, part), ""), raw)


def _check_ids(benchmark: Benchmark) -> None:
    seen = set()
    for task in benchmark.tasks:
        if task.task_id in seen:
            raise AssayError(
                f"The data of {benchmark.name!r} holds task {task.task_id} twice. "
                f"Download it again with: assay data fetch {benchmark.name}"
            )
        seen.add(task.task_id)
