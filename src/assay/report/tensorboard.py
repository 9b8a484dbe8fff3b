"""A run's log for TensorBoard as well, for those who look at their runs there. The run's own page does without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.training.watch import Row

FOLDER = "tensorboard"
_EVERY_S = 1.0  # it draws some hundred points of a curve, and a small model makes that many steps in seconds
_NAMES = {"step": "training", "check": "held-out tasks", "held_out": "held-out files"}


class Board:
    """Event files in the `tensorboard` folder of a run."""

    def __init__(self, folder: Path, steps: int) -> None:
        """steps: done already; what an interrupted run drew of later ones is not shown any more."""
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder / FOLDER), purge_step=steps + 1)
        self._due = 0.0

    def row(self, row: Row) -> None:
        """Every number in a row of the log; of steps the last of each second."""
        if row["kind"] == "step":
            if time.monotonic() < self._due and row["progress"] < 1:
                return
            self._due = time.monotonic() + _EVERY_S
        for name, value in numbers(row):
            self._writer.add_scalar(f"{_NAMES[row['kind']]}/{name}", value, row["step"])

    def flush(self) -> None:
        self._writer.flush()


def numbers(row: Row) -> Iterator[tuple[str, float]]:
    """(name, number) of a row; "tasks/infill" for what is inside of another value. By depth it is the rate."""

    def inside(name: str, value: Any) -> Iterator[tuple[str, float]]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from inside(f"{name}/{key}", each)
        elif name.startswith("by_depth/"):
            yield name, value[0]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, value

    for key, value in row.items():
        if key not in ("kind", "step"):
            yield from inside(key, value)
