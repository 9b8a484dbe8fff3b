"""Which tasks are kept for testing: held-out compositions. Decided by names alone, so it is the same for every seed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise

SEQUENCE_SHARE = 8
PAIR_SHARE = 25


def held_out(names: Sequence[str]) -> str:
    """Why a task with these operations is for testing.

    "pair": two neighbours are an ordered pair that is held out (1 in 25). "sequence": the whole sequence is (1 in 8,
    from two operations on; 1 in 25 of single ones). "": it is not.
    """
    if any(_pair(first, second) for first, second in pairwise(names)):
        return "pair"
    return "sequence" if _draw("sequence", *names) < (1 / SEQUENCE_SHARE if len(names) > 1 else 1 / PAIR_SHARE) else ""


@cache
def _pair(first: str, second: str) -> bool:
    return _draw("pair", first, second) < 1 / PAIR_SHARE


def _draw(*parts: str) -> float:
    """A number from 0 to 1 that depends on the texts only."""
    return int.from_bytes(blake2b("\n".join(parts).encode(), digest_size=6).digest(), "big") / 2**48
