"""One sampler over all that a model learns from: which example comes next, in an order that can be resumed exactly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.errors import AssayError
from assay.training.example import TASKS
from assay.training.packing import MODES, Batch, Document, best_fit, by_length, make_batch, window
from assay.training.pool import Pool
from assay.training.tokenizer import Tokenizer

SCHEMA = 1
# Shares of tokens; what a source lacks is shared out among the rest.
FORGE_WEIGHTS: Mapping[str, float] = {
    "complete": 56,
    "infill": 13,
    "repair": 15,
    "predict": 6,
    "document": 4,
    "tests": 6,
}
ALL_WEIGHTS: Mapping[str, float] = {
    "complete": 50,
    "infill": 25,
    "repair": 10,
    "locate": 5,
    "summarise": 5,
    "tests": 5,
    "predict": 3,
    "trace": 2,
    "document": 5,
}
Place = tuple[int, int]  # pool, stretch in it


@dataclass(frozen=True)
class PoolReport:
    """What of a pool is used. cut: examples that are longer than a row and were cut into stretches.

    dropped: examples longer than a row whose answer would have been cut off. share: of the tokens drawn.
    """

    name: str
    examples: int
    tokens: int
    cut: int
    dropped: int
    dropped_tokens: int
    share: float


class Mixture:
    """Draws documents from pools by weight and makes batches of them.

    pools: see `assay.training.sources.open_pools`.
    weights: task -> share of the tokens, or "source/task" -> share for one pool. Tasks without a pool are left out, the
    others keep their proportions; pools of one task share its weight by their tokens.
    length: tokens of the longest row. mode: one of `packing.MODES`. seed: of the order.

    The next pool is always the one that is furthest behind its share, so shares hold in every stretch of training;
    within a pool the order is a new permutation every epoch. Raises AssayError for weights that leave nothing.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        weights: Mapping[str, float],
        tokenizer: Tokenizer,
        seed: int = 0,
        *,
        length: int = 256,
        mode: str = "length",
    ) -> None:
        if mode not in MODES:
            raise AssayError(f"There is no way to pack named {mode!r}. Choose one of {', '.join(MODES)}.")
        used = [pool for pool in pools if _weight(pool, pools, weights) > 0]
        self._drawers = [_Drawer(pool, length, seed) for pool in used]
        shares = [_weight(pool, pools, weights) for pool in used]
        kept = [number for number, drawer in enumerate(self._drawers) if len(drawer)]
        if not kept:
            raise AssayError(
                f"The mixture is empty: {_names(pools)} and the weights {dict(weights)} share no task with an example "
                f"of at most {length} tokens."
            )
        self._reports = [(drawer, share) for drawer, share in zip(self._drawers, shares, strict=True)]
        self._drawers = [self._drawers[number] for number in kept]
        self._shares = [shares[number] / sum(shares[one] for one in kept) for number in kept]
        self._pad_id = tokenizer.end_id
        self._bytes_V = np.array(
            [0 if number in tokenizer.special_ids else len(data) for number, data in enumerate(tokenizer.token_bytes)]
        )
        self._mode, self._length, self._seed = mode, length, seed
        self._line: list[Place] = []
        self._batches: list[list[Place]] = []
        self._budget = 0
        self._windows = 0
        about = [tokenizer.sha256, seed, length, mode, [(one.pool.name, len(one), one.tokens) for one in self._drawers]]
        self.fingerprint = hashlib.sha256(json.dumps([*about, self._shares]).encode()).hexdigest()

    @property
    def report(self) -> tuple[PoolReport, ...]:
        """What was found and what is used of it, for people."""
        total = sum(share for drawer, share in self._reports if len(drawer))
        return tuple(drawer.report(share / total if len(drawer) else 0) for drawer, share in self._reports)

    @property
    def epochs(self) -> dict[str, float]:
        """Pool -> how often its examples were drawn, on average."""
        return {one.pool.name: one.cursor / len(one) for one in self._drawers}

    def next(self, token_budget: int) -> Batch:
        """The next batch of at most so many tokens, filling included, or of one row if that is longer."""
        return self._packed(token_budget) if self._mode == "pack" else self._padded(token_budget)

    def state(self) -> dict[str, Any]:
        """Everything that decides what comes next, for JSON."""
        return {
            "schema": SCHEMA,
            "fingerprint": self.fingerprint,
            "pools": {one.pool.name: [one.cursor, one.taken] for one in self._drawers},
            "line": [list(place) for place in self._line],
            "batches": [[list(place) for place in batch] for batch in self._batches],
            "budget": self._budget,
            "windows": self._windows,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was taken. Raises AssayError for the state of another mixture."""
        if state.get("schema") != SCHEMA or state.get("fingerprint") != self.fingerprint:
            raise AssayError(
                "The saved place in the training data is of another mixture: its sources, weights, tokenizer, seed or "
                "row length have changed. Use those it was saved with, or start anew."
            )
        for one in self._drawers:
            one.cursor, one.taken = state["pools"][one.pool.name]
        self._line = [(pool, number) for pool, number in state["line"]]
        self._batches = [[(pool, number) for pool, number in batch] for batch in state["batches"]]
        self._budget, self._windows = state["budget"], state["windows"]

    def _padded(self, budget: int) -> Batch:
        if budget != self._budget:  # what was sorted for another budget is sorted again
            self._line = [place for batch in self._batches for place in batch] + self._line
            self._batches, self._budget = [], budget
        if not self._batches:
            self._fill_line(window(budget))
            seed = int.from_bytes(hashlib.sha256(f"{self._seed} {self._windows}".encode()).digest()[:8], "little")
            self._batches = by_length([(place, self._tokens(place)) for place in self._line], budget, seed)
            self._line, self._windows = [], self._windows + 1
        rows = [[self._document(place)] for place in self._batches.pop()]
        return make_batch(rows, max(len(row[0]) for row in rows), self._pad_id, self._bytes_V)

    def _packed(self, budget: int) -> Batch:
        rows = max(1, budget // self._length)
        self._fill_line(window(rows * self._length) // 4)
        placed, left = best_fit([(place, self._tokens(place)) for place in self._line], rows, self._length)
        self._line = [place for place, _ in left]
        documents = [[self._document(place) for place in row] for row in placed]
        return make_batch(documents, self._length, self._pad_id, self._bytes_V)

    def _fill_line(self, tokens: int) -> None:
        """Draw until so many tokens stand in line."""
        standing = sum(map(self._tokens, self._line))
        while standing < tokens:
            pool = min(range(len(self._drawers)), key=lambda one: self._drawers[one].taken / self._shares[one])
            number = self._drawers[pool].draw()
            self._line.append((pool, number))
            standing += self._drawers[pool].tokens_of(number)

    def _tokens(self, place: Place) -> int:
        return self._drawers[place[0]].tokens_of(place[1])

    def _document(self, place: Place) -> Document:
        return self._drawers[place[0]].document(place[1])


class _Drawer:
    """A pool with a place in it. cursor: documents drawn. taken: their tokens.

    Shapes: D examples of the pool, S stretches: those of its examples that fit, and parts of those that may be cut.
    """

    def __init__(self, pool: Pool, length: int, seed: int) -> None:
        self.pool = pool
        self.cursor = self.taken = 0
        self._task = TASKS.index(pool.task)
        self._seed = int.from_bytes(hashlib.sha256(f"{seed} {pool.name}".encode()).digest()[:8], "little")
        sizes_D = pool.ends_D - pool.starts_D
        self.too_long_D = sizes_D > length
        # Only plain text can be cut anywhere: of other examples the answer, at the end, would lose its question.
        parts_D = np.where(self.too_long_D, -(-sizes_D // length) if pool.can_be_cut else 0, 1)
        example_S = np.repeat(np.arange(len(sizes_D)), parts_D)
        part_S = np.arange(len(example_S)) - np.repeat(np.cumsum(parts_D) - parts_D, parts_D)
        self._starts_S = pool.starts_D[example_S] + part_S * length
        self._stops_S = np.minimum(self._starts_S + length, pool.ends_D[example_S])
        self._whole_S = parts_D[example_S] == 1
        self._sizes_S: list[int] = (self._stops_S - self._starts_S).tolist()
        self.tokens = sum(self._sizes_S)
        self._epoch, self._order_S = -1, np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._sizes_S)

    def draw(self) -> int:
        """The next stretch of this epoch."""
        epoch, at = divmod(self.cursor, len(self))
        if epoch != self._epoch:
            self._epoch, self._order_S = epoch, _permutation(len(self), self._seed + epoch)
        number = int(self._order_S[at])
        self.cursor += 1
        self.taken += self._sizes_S[number]
        return number

    def tokens_of(self, number: int) -> int:
        return self._sizes_S[number]

    def document(self, number: int) -> Document:
        here = slice(self._starts_S[number], self._stops_S[number])
        weights_N = self.pool.table[self.pool.kinds_N[here]]
        return Document(self.pool.tokens_N[here], weights_N, self._task, bool(self._whole_S[number]))

    def report(self, share: float) -> PoolReport:
        long, can_be_cut = int(self.too_long_D.sum()), self.pool.can_be_cut
        lost = len(self.pool.tokens_N) - self.tokens
        cut, dropped = (long, 0) if can_be_cut else (0, long)
        return PoolReport(self.pool.name, len(self.pool.ends_D), len(self.pool.tokens_N), cut, dropped, lost, share)


def _permutation(size: int, seed: int) -> NDArray[np.int64]:
    """Numbers below `size` in an order that depends on the seed alone, not on a library's version (splitmix64)."""
    with np.errstate(over="ignore"):
        state = np.arange(1, size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed % 2**64)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.argsort(state ^ (state >> np.uint64(31)), kind="stable")


def _weight(pool: Pool, pools: Sequence[Pool], weights: Mapping[str, float]) -> float:
    """The share of one pool, before the shares of all are made to sum to 1."""
    if pool.name in weights:
        return weights[pool.name]
    same = [one for one in pools if one.task == pool.task and one.name not in weights]
    return weights.get(pool.task, 0) * len(pool.tokens_N) / max(1, sum(len(one.tokens_N) for one in same))


def _names(pools: Sequence[Pool]) -> str:
    return "the pools " + ", ".join(pool.name for pool in pools) if pools else "no pools"
