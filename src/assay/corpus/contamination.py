"""Is a benchmark task in this text? Runs of ten words first, then functions in their normal form."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assay.corpus.benchmarks import GRAMS, INDEX, RUN, Solution
from assay.corpus.draft import Draft
from assay.corpus.normal_form import fingerprint, outline
from assay.corpus.rules import Dropped
from assay.corpus.shingles import U64, runs, words
from assay.corpus.syntax import Function

_TABLE_BITS = 22


class Index:
    """What training text must not hold, ready to be looked up millions of times."""

    def __init__(self, folder: Path) -> None:
        body = json.loads((folder / INDEX).read_bytes())
        self.tasks: list[str] = body["tasks"]
        with np.load(folder / GRAMS) as arrays:
            self._grams: U64 = arrays["grams"]
            self._of: npt.NDArray[np.uint32] = arrays["tasks"]
        # Nearly all runs of a text are in no benchmark: a table of bits says so before anything is searched.
        self._seen = np.zeros(1 << _TABLE_BITS, dtype=bool)
        self._seen[self._places(self._grams)] = True
        solutions = [
            Solution(**{**row, "outline": (row["outline"][0], tuple(row["outline"][1]))}) for row in body["solutions"]
        ]
        self.solutions = {solution.hash: solution for solution in solutions}
        self._outlines = {solution.outline for solution in solutions}

    @staticmethod
    def _places(grams: U64) -> U64:
        return grams >> np.uint64(64 - _TABLE_BITS)

    def by_words(self, text: str) -> tuple[str, int] | None:
        """(task, how many runs of ten words) of the task that a text shares most with; None if it shares none."""
        grams_G = np.unique(runs(words(text, fold=True), RUN))
        likely_G = grams_G[self._seen[self._places(grams_G)]]
        if not len(likely_G) or not len(self._grams):
            return None
        at_G = np.minimum(np.searchsorted(self._grams, likely_G), len(self._grams) - 1)
        found = self._of[at_G[self._grams[at_G] == likely_G]]
        if not len(found):
            return None
        numbers, counts = np.unique(found, return_counts=True)
        most = int(np.argmax(counts))
        return self.tasks[int(numbers[most])], int(counts[most])

    def by_syntax(self, draft: Draft) -> tuple[str, str] | None:
        """(task, function) for the first function that is a solution but for its names."""
        for node in draft.definitions:
            if isinstance(node, Function) and outline(node) in self._outlines:
                solution = self.solutions.get(fingerprint(node)[0])
                if solution is not None:
                    return solution.task, node.name
        return None


@functools.lru_cache(maxsize=1)
def index(folder: Path) -> Index:
    """The index of a build; every worker reads it once."""
    return Index(folder)


def check(draft: Draft, known: Index) -> None:
    """Raises Dropped for a text that holds a benchmark task."""
    if found := known.by_words(draft.text):
        raise Dropped("benchmark: words", f"{found[1]} runs of {RUN} words of {found[0]}")
    if same := known.by_syntax(draft):
        raise Dropped("benchmark: syntax", f"{same[1]} is {same[0]}")
