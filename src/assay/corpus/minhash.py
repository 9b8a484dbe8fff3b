"""MinHash: a short signature from which the similarity of two sets can be told (Broder 1997).

128 permutations h(x) = (a x + b) / 2**32 modulo 2**32 with odd a (multiply-shift, Dietzfelbinger 1996), of which 125
form 25 bands of 5. Two files with Jaccard similarity s meet in a band with probability 1 - (1 - s**5)**25: 0.99 at 0.7,
0.999 at 0.75. Meeting is only a reason to look: `duplicates` computes the exact similarity.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.corpus.shingles import U64, mix, runs, words

SHINGLE_WORDS, PERMUTATIONS, BANDS, ROWS = 5, 128, 25, 5
# At most so many numbers of a table are made at once, so that it stays in the processor's cache.
_BLOCK = 1024

_random = np.random.Generator(np.random.PCG64(20201))
_A_P = _random.integers(1, 1 << 63, size=(PERMUTATIONS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_B_P = _random.integers(0, 1 << 63, size=(PERMUTATIONS, 1), dtype=np.uint64)

U32 = npt.NDArray[np.uint32]


def shingles(text: str) -> U32:
    """The set of 5-grams of a text: sorted, without repetitions, 32 bits each.

    Among 2,000 5-grams of two different texts a false match by chance has probability 0.001: no matter at 0.7.
    """
    return np.unique((runs(words(text), SHINGLE_WORDS) >> np.uint64(32)).astype(np.uint32))


def signature(shingles_G: U32) -> U32:
    """[PERMUTATIONS] smallest values, by which the similarity of two sets is the share of equal places."""
    lowest_P = np.full(PERMUTATIONS, 0xFFFFFFFF, dtype=np.uint32)
    for start in range(0, len(shingles_G), _BLOCK):
        block_G = shingles_G[start : start + _BLOCK].astype(np.uint64)
        values_PG = (block_G * _A_P + _B_P) >> np.uint64(32)
        np.minimum(lowest_P, values_PG.min(axis=1).astype(np.uint32), out=lowest_P)
    return lowest_P


def bands(signature_P: U32) -> U64:
    """[BANDS] one number per band; equal bands, equal numbers."""
    rows_BR = signature_P[: BANDS * ROWS].astype(np.uint64).reshape(BANDS, ROWS)
    total_B = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        total_B = mix(total_B * np.uint64(0x100000001B3) + rows_BR[:, row])
    return total_B


def jaccard(a_G: U32, b_G: U32) -> float:
    """The exact similarity of two sets that are sorted and without repetitions."""
    if not len(a_G) and not len(b_G):
        return 1.0
    common = len(np.intersect1d(a_G, b_G, assume_unique=True))
    return common / (len(a_G) + len(b_G) - common)
