"""How far a run is. Tokens are counted; where minutes were asked for, they are turned into tokens by measuring."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

# The first step is slow (memory, caches, a compiler) and left out. The pace is taken over a few seconds, but of no less
# than these; in a run that is shorter, over a twentieth of its time.
_STEPS, _SECONDS = 20, 2.0
_FEW_STEPS = 2
_REPLAN = 0.05  # of the run


@dataclass
class Budget:
    """A run of `tokens`, or of `minutes` whose tokens are estimated anew on every twentieth of the way.

    seen, steps, spent_s: so far; only training counts. total: tokens at which the run ends, inf while not known.
    """

    tokens: int = 0
    minutes: float = 0.0
    seen: int = 0
    steps: int = 0
    spent_s: float = 0.0
    total: float = math.inf
    mark: tuple[int, int, float] = (0, 0, 0.0)  # steps, seen and spent_s when the pace was last taken

    def __post_init__(self) -> None:
        if self.tokens:
            self.total = float(self.tokens)

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.seen / self.total) if self.seen else 0.0

    @property
    def finished(self) -> bool:
        return self.seen >= self.total or bool(self.minutes and self.spent_s >= 60 * self.minutes)

    def add(self, tokens: int, seconds: float) -> bool:
        """One more step; whether the estimate of the total changed."""
        self.seen += tokens
        self.steps += 1
        self.spent_s += seconds
        if self.steps == 1:
            self.mark = (1, tokens, seconds)
        return bool(self.minutes) and self._replan()

    def _replan(self) -> bool:
        steps, seen, spent_s = self.mark
        took_steps, took_s = self.steps - steps, self.spent_s - spent_s
        is_long = took_steps >= _STEPS and took_s >= _SECONDS
        is_share = took_steps >= _FEW_STEPS and took_s >= _REPLAN * 60 * self.minutes
        is_far = math.isinf(self.total) or self.seen - seen >= _REPLAN * self.total
        # An estimate from slow steps must not end a run whose time is not over.
        is_early = self.seen >= self.total and self.spent_s < (1 - _REPLAN) * 60 * self.minutes
        if not (is_far and (is_long or is_share)) and not is_early:
            return False
        pace = (self.seen - seen) / took_s
        self.total = self.seen + max(0.0, 60 * self.minutes - self.spent_s) * pace
        self.mark = (self.steps, self.seen, self.spent_s)
        return True

    def change(self, minutes: float) -> None:
        """Have the run take so many minutes in all. It stays exactly what it is where they are the same."""
        if minutes == self.minutes:
            return
        self.minutes = minutes
        if self.seen:  # at the pace so far, until it is next taken
            self.total = self.seen + max(0.0, 60 * minutes - self.spent_s) * self.seen / self.spent_s
        self.mark = (self.steps, self.seen, self.spent_s)

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Budget:
        """What `state` gave."""
        return cls(**(state | {"mark": tuple(state["mark"])}))
