"""The questions that a row of the forge can be turned into; one file a kind, each with a function `make`."""

from collections.abc import Callable

from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds import explain, infill, predict, repair, tests, write
from assay.forge.task import ForgeTask
from assay.tasks.task import Task

MAKERS: dict[str, Callable[[ForgeTask, Dialect], Task | None]] = {
    "write": write.make,
    "repair": repair.make,
    "infill": infill.make,
    "predict": predict.make,
    "tests": tests.make,
    "explain": explain.make,
}

__all__ = ["MAKERS"]
