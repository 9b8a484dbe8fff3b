"""Exact and near duplicates over all parts of a build.

Memory is some 60 bytes per document; signatures and 5-grams stay on disk and are looked at where two documents meet
in a band. A document is dropped in favour of the one with the larger weight in its group, of equals the earlier.
Legend: _D all documents of the build, _N pairs of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.corpus import minhash

I64 = npt.NDArray[np.int64]

# Documents with one band in common are compared with so many that follow them; larger groups are boilerplate.
MOST_NEIGHBOURS = 64
# The estimate from 128 places has a standard deviation of 0.04 at most: four of them below the threshold is too little.
SLACK = 0.16
SIGNATURES, BANDS, SHINGLES, OFFSETS, HASHES = (
    "signatures.npy",
    "bands.npy",
    "shingles.npy",
    "offsets.npy",
    "hashes.npy",
)

PAIR_HASHES, FOUND = "pair_hashes.npy", "duplicates.npz"
_ABOUT = np.dtype([("hash", np.uint64), ("weight", np.float32), ("bytes", np.int64)])
_ABOUT_PAIR = np.dtype([("hash", np.uint64), ("parent", np.int64)])


@dataclass(frozen=True)
class Duplicates:
    """What to leave out. Of every dropped document: its number, its bytes, the number of the kept one, how
    similar they are. pairs: numbers of documentation pairs that say what an earlier one says.

    similarity_N is 1 and exact_N true for equal texts. A near duplicate may be less similar to the kept one than the
    threshold: they are linked through others that are left out too.
    """

    dropped_N: I64
    kept_N: I64
    similarity_N: npt.NDArray[np.float32]
    exact_N: npt.NDArray[np.bool_]
    bytes_N: I64
    pairs: I64

    def save(self, path: Path) -> None:
        spare = path.with_name(f".{path.name}")
        with spare.open("wb") as file:
            np.savez(file, **vars(self))
        spare.replace(path)

    @classmethod
    def load(cls, path: Path) -> Duplicates:
        with np.load(path) as arrays:
            return cls(**arrays)


class Collector:
    """Gathers what a part tells about its documents, and writes it beside them."""

    def __init__(self, near: bool) -> None:
        self._near = near
        self._signatures: list[minhash.U32] = []
        self._shingles: list[minhash.U32] = []
        self._about: list[tuple[int, float, int]] = []
        self._pairs: list[tuple[int, int]] = []

    def add_pair(self, sha256: str, parent: int) -> None:
        self._pairs.append((int(sha256[:16], 16), parent))

    def add(self, text: str, sha256: str, weight: float, size: int) -> None:
        self._about.append((int(sha256[:16], 16), weight, size))
        if self._near:
            shingles = minhash.shingles(text)
            self._shingles.append(shingles)
            self._signatures.append(minhash.signature(shingles))

    def save(self, folder: Path) -> None:
        np.save(folder / HASHES, np.array(self._about, dtype=_ABOUT))
        np.save(folder / PAIR_HASHES, np.array(self._pairs, dtype=_ABOUT_PAIR))
        if self._near:
            signatures = np.array(self._signatures, dtype=np.uint32).reshape(-1, minhash.PERMUTATIONS)
            np.save(folder / SIGNATURES, signatures)
            bands = np.array([minhash.bands(row) for row in signatures], dtype=np.uint64).reshape(-1, minhash.BANDS)
            np.save(folder / BANDS, np.ascontiguousarray(bands.T))
            np.save(folder / SHINGLES, np.concatenate([*self._shingles, np.empty(0, np.uint32)]))
            sizes = np.array([len(shingles) for shingles in self._shingles], dtype=np.int64)
            np.save(folder / OFFSETS, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))


class _Parts:
    """The arrays of all parts as if they were one; only what is asked for is read."""

    def __init__(self, folders: Sequence[Path], counts: Sequence[int]) -> None:
        self._folders = folders
        self.starts: I64 = np.concatenate([[0], np.cumsum(np.array(counts, dtype=np.int64))]).astype(np.int64)
        self._open: dict[tuple[int, str], npt.NDArray[Any]] = {}

    @property
    def documents(self) -> int:
        return int(self.starts[-1])

    def column(self, name: str, field: str | int) -> npt.NDArray[Any]:
        pieces = [self._array(part, name)[field] for part in range(len(self._folders))]
        return np.concatenate(pieces) if pieces else np.empty(0, np.uint64)

    def sizes(self) -> I64:
        """How many 5-grams every document has."""
        pieces = [np.diff(np.load(folder / OFFSETS)) for folder in self._folders]
        return np.concatenate([*pieces, np.empty(0, np.int64)])

    def parents(self) -> I64:
        """Of every pair, the number of the document it comes from."""
        pieces = [
            np.load(folder / PAIR_HASHES)["parent"] + start
            for folder, start in zip(self._folders, self.starts, strict=False)
        ]
        return np.concatenate([*pieces, np.empty(0, np.int64)])

    def signatures(self, numbers_N: I64) -> minhash.U32:
        out = np.empty((len(numbers_N), minhash.PERMUTATIONS), dtype=np.uint32)
        part_N = np.searchsorted(self.starts, numbers_N, side="right") - 1
        for part in np.unique(part_N):
            at = np.flatnonzero(part_N == part)
            out[at] = self._array(int(part), SIGNATURES)[numbers_N[at] - self.starts[part]]
        return out

    def shingles(self, number: int) -> minhash.U32:
        part = int(np.searchsorted(self.starts, number, side="right")) - 1
        row = number - int(self.starts[part])
        first, last = self._array(part, OFFSETS)[row : row + 2]
        found: minhash.U32 = self._array(part, SHINGLES)[first:last]
        return found

    def _array(self, part: int, name: str) -> npt.NDArray[Any]:
        if (part, name) not in self._open:
            self._open[part, name] = np.load(self._folders[part] / name, mmap_mode="r")
        return self._open[part, name]


class _Groups:
    """Union-find over the documents."""

    def __init__(self, count: int) -> None:
        self._above: I64 = np.arange(count, dtype=np.int64)

    def root(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = int(above[number])
        return number

    def roots(self) -> I64:
        """The root of every document, with all paths shortened."""
        while not np.array_equal(shorter := self._above[self._above], self._above):
            self._above = shorter
        return self._above

    def join(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        self._above[max(a, b)] = min(a, b)


def find(folders: Sequence[Path], counts: Sequence[int], near: float, tell: Callable[[], None]) -> Duplicates:
    """Compare all documents of these parts with each other.

    near: Jaccard similarity from which two are near duplicates, 0 for exact ones only. tell: called after each band.
    """
    parts = _Parts(folders, counts)
    count = parts.documents
    hashes_D = parts.column(HASHES, "hash")
    weights_D = parts.column(HASHES, "weight")
    rank_D = np.empty(count, dtype=np.int64)
    rank_D[np.lexsort((np.arange(count), -weights_D.astype(np.float64)))] = np.arange(count)

    order = np.lexsort((rank_D, hashes_D))
    new = np.concatenate([[True], hashes_D[order][1:] != hashes_D[order][:-1]])[:count]
    first_D = np.empty(count, dtype=np.int64)
    first_D[order] = order[np.maximum.accumulate(np.where(new, np.arange(count), 0))]
    exact = np.flatnonzero(first_D != np.arange(count))
    found = [(exact, first_D[exact], np.ones(len(exact), np.float32), np.ones(len(exact), bool))]

    if near and count:
        groups = _Groups(count)
        _compare(parts, np.flatnonzero(first_D == np.arange(count)), near, groups, tell)
        found.append(_left_out(parts, groups, rank_D, first_D))
    dropped_N, kept_N, similarity_N, exact_N = (np.concatenate(columns) for columns in zip(*found, strict=True))
    sizes_D = parts.column(HASHES, "bytes")
    return Duplicates(dropped_N, kept_N, similarity_N, exact_N, sizes_D[dropped_N], _repeated_pairs(parts, dropped_N))


def _repeated_pairs(parts: _Parts, dropped_N: I64) -> I64:
    """Pairs of kept documents whose code an earlier such pair has."""
    hashes = parts.column(PAIR_HASHES, "hash")
    parents = parts.parents()
    left = np.flatnonzero(~np.isin(parents, dropped_N))
    _, first = np.unique(hashes[left], return_index=True)
    return np.delete(left, first)


def _compare(parts: _Parts, alive: I64, near: float, groups: _Groups, tell: Callable[[], None]) -> None:
    """Join documents that meet in a band and are similar enough."""
    sizes_D = parts.sizes()
    rejected: set[tuple[int, int]] = set()
    for band in range(minhash.BANDS):
        values = parts.column(BANDS, band)[alive]
        order = np.argsort(values, kind="stable")
        values, numbers = values[order], alive[order]
        for distance in range(1, MOST_NEIGHBOURS + 1):
            same = np.flatnonzero(values[distance:] == values[:-distance])
            if not len(same):
                break
            roots_D = groups.roots()
            a_N, b_N = numbers[same], numbers[same + distance]
            small, large = np.minimum(sizes_D[a_N], sizes_D[b_N]), np.maximum(sizes_D[a_N], sizes_D[b_N])
            possible = (roots_D[a_N] != roots_D[b_N]) & (small >= near * large)
            _join_similar(parts, a_N[possible], b_N[possible], near, groups, rejected)
        tell()


def _join_similar(
    parts: _Parts, a_N: I64, b_N: I64, near: float, groups: _Groups, rejected: set[tuple[int, int]]
) -> None:
    for start in range(0, len(a_N), 4096):
        a, b = a_N[start : start + 4096], b_N[start : start + 4096]
        estimate = (parts.signatures(a) == parts.signatures(b)).mean(axis=1)
        for at in np.flatnonzero(estimate >= near - SLACK):
            pair = (int(a[at]), int(b[at]))
            if pair in rejected or groups.root(pair[0]) == groups.root(pair[1]):
                continue
            if minhash.jaccard(parts.shingles(pair[0]), parts.shingles(pair[1])) >= near:
                groups.join(*pair)
            else:
                rejected.add(pair)


def _left_out(
    parts: _Parts, groups: _Groups, rank_D: I64, first_D: I64
) -> tuple[I64, I64, npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Of every group all but the best."""
    roots_D = groups.roots()
    numbers = np.arange(len(roots_D))
    order = np.lexsort((rank_D, roots_D))
    new = np.concatenate([[True], roots_D[order][1:] != roots_D[order][:-1]])
    best_D = np.empty(len(roots_D), dtype=np.int64)
    best_D[order] = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    dropped = np.flatnonzero((best_D != numbers) & (first_D == numbers))
    similarity = [minhash.jaccard(parts.shingles(int(a)), parts.shingles(int(best_D[a]))) for a in dropped]
    return dropped, best_D[dropped], np.array(similarity, np.float32), np.zeros(len(dropped), bool)
