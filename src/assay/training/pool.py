"""Tokenised examples of one task from one source, in files that are mapped into memory.

Shapes: N tokens of all examples together, D examples.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.training.example import TASKS, Example
from assay.training.tokenizer import Tokenizer

_CHUNK, _CHUNK_CHARS = 512, 1 << 18  # examples that are tokenised together, and their characters


@dataclass(frozen=True)
class Pool:
    """source, task: where the examples are from, and what they train.

    tokens_N: ids, uint16 or uint32. kinds_N: uint8, which of `weights` a token has. ends_D: int64, where each ends.
    """

    source: str
    task: str
    tokens_N: NDArray[Any]
    kinds_N: NDArray[np.uint8]
    ends_D: NDArray[np.int64]
    weights: tuple[float, ...]

    @property
    def name(self) -> str:
        return f"{self.source}/{self.task}"

    @cached_property
    def starts_D(self) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(1, np.int64), self.ends_D[:-1]]) if len(self.ends_D) else self.ends_D

    @cached_property
    def table(self) -> NDArray[np.float32]:
        return np.array(self.weights, np.float32)

    @property
    def can_be_cut(self) -> bool:
        """Whether all of it is learnt alike, as plain files are: then a stretch is as good as the whole."""
        return self.task == "complete" and len(self.weights) == 1

    def save(self, folder: Path) -> None:
        """Write it as three arrays and a line about them."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("tokens_N", "kinds_N", "ends_D"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        about = {"source": self.source, "task": self.task, "weights": self.weights}
        (folder / "pool.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Pool:
        """Map what `save` wrote."""
        about = json.loads((folder / "pool.json").read_text(encoding="utf-8"))
        tokens_N, kinds_N, ends_D = (
            np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("tokens_N", "kinds_N", "ends_D")
        )
        return cls(about["source"], about["task"], tokens_N, kinds_N, np.array(ends_D), tuple(about["weights"]))


def make_pools(
    source: str, examples: Iterable[Example], tokenizer: Tokenizer, limits: dict[str, int] | None = None
) -> tuple[Pool, ...]:
    """Tokenise examples, a pool for every task that occurs, in the order of TASKS.

    Pieces are tokenised apart: what a model is given when it is used is then token for token what it read in training.
    Every example ends with the end token, of its last piece's weight.
    limits: task -> tokens after which its examples are left out.
    """
    makers = {task: _Maker(tokenizer, (limits or {}).get(task)) for task in TASKS}
    chunk: list[Example] = []
    chars = 0
    for example in examples:
        if not makers[example.task].full:
            chunk.append(example)
            chars += sum(len(piece.text) for piece in example.pieces)
        if len(chunk) == _CHUNK or chars >= _CHUNK_CHARS:
            _tokenise(chunk, tokenizer, makers)
            chunk, chars = [], 0
            if all(maker.full for maker in makers.values() if maker.ends):
                break  # of the tasks that occur at all
    _tokenise(chunk, tokenizer, makers)
    return tuple(maker.pool(source, task) for task, maker in makers.items() if maker.ends)


def joined(pools: Sequence[Pool]) -> Pool:
    """Pools of the same source and task, one after the other."""
    weights = tuple(dict.fromkeys(weight for pool in pools for weight in pool.weights))
    kinds, ends, base = [], [], 0
    for pool in pools:
        renamed = np.array([weights.index(weight) for weight in pool.weights], np.uint8)
        kinds.append(renamed[pool.kinds_N])
        ends.append(pool.ends_D + base)
        base += len(pool.tokens_N)
    tokens_N = np.concatenate([pool.tokens_N for pool in pools])
    return Pool(pools[0].source, pools[0].task, tokens_N, np.concatenate(kinds), np.concatenate(ends), weights)


class _Maker:
    """A pool that grows."""

    def __init__(self, tokenizer: Tokenizer, limit: int | None) -> None:
        self.dtype = np.uint16 if tokenizer.vocab_size <= 1 << 16 else np.uint32
        self.limit = limit
        self.tokens: list[NDArray[Any]] = []
        self.kinds: list[NDArray[np.uint8]] = []
        self.ends: list[int] = []
        self.weights: dict[float, int] = {}

    @property
    def full(self) -> bool:
        return self.limit is not None and bool(self.ends) and self.ends[-1] >= self.limit

    def add(self, ids: list[int], lengths: Sequence[int], weights: Sequence[float]) -> None:
        if self.full:
            return
        kinds = [self.weights.setdefault(weight, len(self.weights)) for weight in weights]
        self.tokens.append(np.array(ids, self.dtype))
        self.kinds.append(np.repeat(np.array(kinds, np.uint8), lengths))
        self.ends.append((self.ends[-1] if self.ends else 0) + len(ids))

    def pool(self, source: str, task: str) -> Pool:
        tokens_N, kinds_N = np.concatenate(self.tokens), np.concatenate(self.kinds)
        return Pool(source, task, tokens_N, kinds_N, np.array(self.ends, np.int64), tuple(self.weights))


def _tokenise(examples: Sequence[Example], tokenizer: Tokenizer, makers: dict[str, _Maker]) -> None:
    pieces = [piece for example in examples for piece in example.pieces]
    plain = iter(tokenizer.encode_many([piece.text for piece in pieces if piece.plain]))
    marked = iter(tokenizer.encode_many([piece.text for piece in pieces if not piece.plain], special=True))
    for example in examples:
        ids: list[int] = []
        lengths = []
        for piece in example.pieces:
            one = next(plain if piece.plain else marked)
            ids += one
            lengths.append(len(one))
        ids.append(tokenizer.end_id)
        weights = [piece.weight for piece in example.pieces]
        makers[example.task].add(ids, [*lengths, 1], [*weights, weights[-1]])
