"""From the rewards of a group of samples of one prompt to what each sample weighs in the loss."""

from __future__ import annotations

import math
from collections.abc import Sequence

# "mean": reward - mean of the group (Dr. GRPO, arXiv 2503.20783). "std": that over the group's standard deviation
# (GRPO, arXiv 2402.03300). "accepted": 1 for what passed and 0 for the rest (rejection sampling, arXiv 2308.01825).
SCALES = ("mean", "std", "accepted")
# TRL and verl divide by the sample deviation (n - 1) plus a small number; this is TRL's.
_TINY = 1e-4


def group_advantages(rewards: Sequence[float | None], scale: str = "mean") -> list[float | None] | None:
    """The advantage of every sample of one group, or None when the group teaches nothing.

    rewards: None for a sample that could not be judged. It is no reward at all: it counts in no mean and has no
    advantage (None), so that its tokens stay out of the loss.
    A group teaches nothing when fewer than two samples were judged or all have the same reward; with "accepted", when
    no sample passed (reward above one half).
    Raises ValueError for a scale that does not exist.
    """
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {SCALES}, got {scale!r}")
    known = [reward for reward in rewards if reward is not None]
    if scale == "accepted":
        if not any(reward > 0.5 for reward in known):
            return None
        return [None if reward is None else float(reward > 0.5) for reward in rewards]
    if is_settled(rewards):
        return None
    mean = math.fsum(known) / len(known)
    divisor = 1.0
    if scale == "std":
        divisor = math.sqrt(math.fsum((reward - mean) ** 2 for reward in known) / (len(known) - 1)) + _TINY
    return [None if reward is None else (reward - mean) / divisor for reward in rewards]


def is_settled(rewards: Sequence[float | None]) -> bool:
    """Whether all judged samples have one reward (zero variance), or there are not two of them."""
    known = [reward for reward in rewards if reward is not None]
    return len(known) < 2 or max(known) == min(known)
