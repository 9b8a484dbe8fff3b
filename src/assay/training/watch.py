"""Who is told how a run goes. What is shown to people is made elsewhere (`assay.report.training`)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


class Watch:
    """Tells nobody; others override what they show. A context manager."""

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def say(self, text: str) -> None:
        """A sentence for people."""

    def tokenised(self, done: int, parts: int, tokens: int) -> None:
        """How far the examples are made into tokens."""

    def began(self, about: Row) -> None:
        """Training begins. about: what will be written into the checkpoint's record."""

    def step(self, row: Row) -> None:
        """A step is done."""

    def check(self, row: Row) -> None:
        """Held-out tasks were answered and executed."""

    def held_out(self, row: Row) -> None:
        """Held-out files were read."""

    def saved(self, folder: Path, step: int) -> None:
        """A checkpoint is on disk, with everything that was logged before it."""
