"""`generate`: verified tasks as a stream, without two that are the same and without a test that leaks into training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from assay.forge.gates import GATES
from assay.forge.made import Made, Row
from assay.forge.maker import Maker
from assay.forge.options import Options
from assay.forge.task import ForgeTask
from assay.sandbox import Sandbox

BATCH = 250


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
    """Lets candidates through in their order: no text twice, no behaviour too often; no behaviour, words or program
    in both splits."""

    def __init__(self, options: Options, funnel: Funnel) -> None:
        self._options, self._funnel = options, funnel
        # behaviour -> split, how often, fewest operations
        self._behaviours: dict[str, tuple[str, int, int]] = {}
        # words, and programs -> split; pairs of both that are taken
        self._words: dict[bytes, str] = {}
        self._programs: dict[bytes, str] = {}
        self._texts: set[bytes] = set()

    def passes(self, row: Row) -> bool:
        """Whether this candidate is a task. Counts it in the funnel."""
        gate = row.gate or self._gate(row)
        self._funnel.count(gate or "kept", row.depth)
        return not gate

    def _gate(self, row: Row) -> str:
        split, often, depth = self._behaviours.get(row.behaviour, (row.split, 0, row.depth))
        words, program = self._words.get(row.words, row.split), self._programs.get(row.program, row.split)
        if not split == words == program == row.split:
            return "leak"
        text = row.words + row.program
        if row.depth > depth:
            return "easier"
        if often >= (self._options.repeats if split == "train" else 1) or text in self._texts:
            return "repeated"
        self._texts.add(text)
        self._words[row.words] = self._programs[row.program] = row.split
        self._behaviours[row.behaviour] = (split, often + 1, min(depth, row.depth))
        return ""


def candidates(seed: int, options: Options, first: int = 0, *, unsafe: bool = False) -> Iterator[Made]:
    """Every candidate of a seed from number `first` on, in order, made in this process."""
    with Sandbox(jobs=1, unsafe=unsafe) as sandbox:
        maker = Maker(seed, options, sandbox)
        size = 16  # the first tasks come soon
        while True:
            yield from maker.make(range(first, first + size))
            first += size
            size = min(2 * size, BATCH)


def generate(
    seed: int,
    count: int | None = None,
    depths: tuple[int, int] | None = None,
    options: Options | None = None,
    split: str = "train",
    *,
    unsafe: bool = False,
) -> Iterator[ForgeTask]:
    """`count` tasks of a split, one after the other (None: without end). Same arguments, same tasks.

    depths: instead of those of `options`. Raises AssayError where the sandbox does not work.

    >>> from assay.forge.generate import generate
    >>> next(generate(seed=7, depths=(2, 2))).depth  # doctest: +SKIP
    2
    """
    options = options or Options()
    if depths is not None:
        options = replace(options, depths=depths)
    passing = Filter(options, Funnel())
    given = 0
    for made in candidates(seed, options, unsafe=unsafe):
        if count is not None and given >= count:
            return
        if passing.passes(made.as_row(with_line=False)) and made.task is not None and made.task.split == split:
            given += 1
            yield made.task
