"""`generate`: verified tasks as a stream, without two that are the same and without a test that leaks into training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count as numbers

from assay.forge.gates import GATES
from assay.forge.maker import Made, Maker
from assay.forge.options import Options
from assay.forge.task import ForgeTask
from assay.sandbox import Sandbox

BATCH = 400


class Funnel:
    """How many candidates fell at which gate, by depth."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[int]] = {name: Counter() for name, _ in GATES}

    def count(self, gate: str, depth: int) -> None:
        self.counts["drawn"][depth] += 1
        self.counts[gate][depth] += 1

    def as_json(self) -> list[dict[str, object]]:
        """A row a gate."""
        return [
            {"gate": name, "meaning": meaning, "total": self.counts[name].total(),
             "by_depth": {str(depth): self.counts[name][depth] for depth in sorted(self.counts[name])}}
            for name, meaning in GATES
        ]  # fmt: skip


class Filter:
    """Lets candidates through in their order: no text twice, no behaviour too often, none in both splits."""

    def __init__(self, options: Options, funnel: Funnel) -> None:
        self._options, self._funnel = options, funnel
        self._behaviours: dict[str, tuple[str, int, int]] = {}
        self._texts: set[tuple[str, str]] = set()

    def passes(self, made: Made) -> bool:
        """Whether this candidate is a task. Counts it in the funnel."""
        gate = made.gate or self._gate(made.task)
        self._funnel.count(gate or "kept", made.depth)
        return not gate

    def _gate(self, task: ForgeTask | None) -> str:
        assert task is not None
        split, often, depth = self._behaviours.get(task.behaviour, (task.split, 0, task.depth))
        if split != task.split:
            return "leak"
        if task.depth > depth:
            return "easier"
        if often >= (self._options.repeats if split == "train" else 1):
            return "repeated"
        text = (task.docstring, task.body)
        if text in self._texts:
            return "repeated"
        self._texts.add(text)
        self._behaviours[task.behaviour] = (split, often + 1, min(depth, task.depth))
        return ""


def candidates(seed: int, options: Options, first: int = 0) -> Iterator[Made]:
    """Every candidate of a seed, in order, made in this process."""
    with Sandbox(jobs=1) as sandbox:
        maker = Maker(seed, options, sandbox)
        for batch in numbers(first, BATCH):
            yield from maker.make(range(batch, batch + BATCH))


def generate(
    seed: int, count: int, depths: tuple[int, int] = (1, 5), options: Options | None = None, split: str = "train"
) -> Iterator[ForgeTask]:
    """`count` tasks of a split, one after the other. Same arguments, same tasks."""
    from dataclasses import replace

    options = replace(options or Options(), depths=depths)
    passing = Filter(options, Funnel())
    for made in candidates(seed, options):
        if passing.passes(made) and made.task is not None and made.task.split == split:
            yield made.task
            count -= 1
            if count <= 0:
                return


__all__ = ["Filter", "Funnel", "candidates", "generate"]
