"""Every benchmark that a user can name: those with files, folders of tasks, and what the forge generates.

The one place that knows of both, since `tasks` must not know of the forge. Everything that loads a benchmark by its
name asks here.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.errors import AssayError
from assay.tasks import catalog

if TYPE_CHECKING:
    from assay.tasks.sources import Source
    from assay.tasks.task import Benchmark

_FORGE = "forge"


def is_generated(spec: str) -> bool:
    """Whether the forge makes it: "forge:python", "forge:DIR/test.jsonl:repair" ..."""
    return spec == _FORGE or spec.startswith((f"{_FORGE}:", f"{_FORGE}@"))


def load(spec: str, data_dir: Path | None = None, rules: str | None = None) -> Benchmark:
    """Load a benchmark by what a user types. Arguments and errors as of `assay.tasks.catalog.load`."""
    if not is_generated(spec):
        with _without_collector():
            return catalog.load(spec, data_dir, rules)
    from assay.forge import benchmark

    if rules is not None:
        raise AssayError(f"EvalPlus rules ({rules!r}) apply to humaneval+ and mbpp+ only, not to {spec!r}.")
    return benchmark.load(spec)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A benchmark is up to millions of small lists that all stay; searching them for cycles took as long as reading."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def resolve(spec: str) -> Source:
    """What is known of a benchmark without loading it. Raises AssayError for one that does not exist."""
    if not is_generated(spec):
        return catalog.resolve(spec)
    from assay.forge import benchmark

    return benchmark.source(spec)


def canonical_task_id(spec: str, raw: str | int) -> str:
    """How the benchmark `spec` spells a task id that a samples file may spell otherwise."""
    if not is_generated(spec):
        return catalog.canonical_task_id(spec, raw)
    from assay.forge import benchmark

    return benchmark.task_id(spec, raw)


def sources() -> tuple[Source, ...]:
    """Every benchmark that has a name, for lists."""
    from assay.forge import benchmark

    return (*catalog.SOURCES, *benchmark.SOURCES)


def given(
    spec: str, *, seed: int | None = None, depth: str | None = None, count: int | None = None, kind: str | None = None
) -> str:
    """The full name of a benchmark with what a user gave beside it.

    Raises AssayError for arguments that mean nothing to a benchmark with files, or contradict the name.
    """
    if not is_generated(spec):
        for name, value in (("depth", depth), ("count", count), ("kind", kind)):
            if value is not None:
                raise AssayError(f"--{name} is for the forge (forge:python ...), and not for {spec!r}.")
        return spec
    from assay.forge.spec import parse

    return str(parse(spec).given(seed=seed, depth=depth, count=count, kind=kind))
