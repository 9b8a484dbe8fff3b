"""Words and runs of words as 64-bit numbers, without making a Python object per word.

A text of n bytes is hashed by prefix sums: with H(i) the sum of byte j times p**j for j < i, a word from a to b has the
number (H(b) - H(a)) * p**-a, all modulo 2**64, the same wherever it stands. Everything is numpy on whole texts.
Legend: _B bytes of a text, _W its words, _G its runs of words.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]

_FACTOR = 0x9E3779B97F4A7C15 | 1  # odd, so it can be divided by modulo 2**64
_INVERSE = pow(_FACTOR, -1, 1 << 64)
_CHAIN = np.uint64(0xD6E8FEB86659FD93)
# Letters, digits, underscore, and every byte of a character outside ASCII; capitals count as small letters.
_IS_WORD = np.zeros(256, dtype=bool)
_IS_WORD[[*range(48, 58), *range(65, 91), 95, *range(97, 123), *range(128, 256)]] = True
_LOWER = np.arange(256, dtype=np.uint64)
_LOWER[65:91] += 32


@functools.lru_cache(maxsize=4)
def _powers(length: int, factor: int) -> U64:
    """factor**0 ... factor**(length - 1) modulo 2**64."""
    powers = np.full(length, factor, dtype=np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def mix(numbers: U64) -> U64:
    """Spread numbers over all 64 bits (the finaliser of MurmurHash3)."""
    numbers = numbers ^ (numbers >> np.uint64(33))
    numbers *= np.uint64(0xFF51AFD7ED558CCD)
    numbers ^= numbers >> np.uint64(33)
    numbers *= np.uint64(0xC4CEB9FE1A85EC53)
    return numbers ^ (numbers >> np.uint64(33))


def words(text: str, fold: bool = False) -> U64:
    """One number per word, in order; equal words, equal numbers. fold: capitals count as small letters."""
    data_B = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    if not len(data_B):
        return np.empty(0, dtype=np.uint64)
    inside_B = _IS_WORD[data_B]
    edges = np.flatnonzero(np.diff(inside_B, prepend=False, append=False))
    begin_W, end_W = edges[0::2], edges[1::2]
    # One length for many texts, so that the powers are computed once.
    room = 1 << max(16, len(data_B).bit_length())
    values_B = _LOWER[data_B] if fold else data_B.astype(np.uint64)
    values_B += np.uint64(1)
    values_B *= _powers(room, _FACTOR)[: len(data_B)]
    sums = np.zeros(len(data_B) + 1, dtype=np.uint64)
    np.cumsum(values_B, out=sums[1:])
    return mix((sums[end_W] - sums[begin_W]) * _powers(room, _INVERSE)[begin_W])


def runs(words_W: U64, length: int) -> U64:
    """One number per run of `length` words, in order; a text with fewer words is one run."""
    if not len(words_W):
        return words_W
    length = min(length, len(words_W))
    count = len(words_W) - length + 1
    total_G = words_W[:count].copy()
    for offset in range(1, length):
        total_G *= _CHAIN
        total_G += words_W[offset : offset + count]
    return mix(total_G)
