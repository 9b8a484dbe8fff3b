"""How fast to learn and how much at once, as functions of how far a run is."""

from __future__ import annotations

# Where the batch grows, and to which share of its full size. Early on steps are scarce and gradients are large: small
# batches make more of the same tokens (docs/LOG.md).
GROWTH = ((0.0, 0.42), (0.3, 0.67), (0.6, 1.0))
# From here on the learning rate falls in a straight line to LAST.
DECAY_FROM = 0.5
LAST = 0.02


def batch_tokens_at(progress: float, full: int) -> int:
    """Tokens of the next step. progress: 0 at the start, 1 at the end; full: the size of the last steps."""
    return max(1, round(full * next(share for start, share in reversed(GROWTH) if progress >= start)))


def rate_at(progress: float, step: int, warmup: int) -> float:
    """What learning rates are multiplied by: a straight rise over `warmup` steps, flat, a straight fall.

    A short run rises over a tenth of it at most.
    """
    rise = min(1.0, max((step + 1) / max(1, warmup), progress / 0.1))
    fall = min(1.0, (1.0 - progress) / (1.0 - DECAY_FROM))
    return rise * (LAST + (1.0 - LAST) * max(0.0, fall))
