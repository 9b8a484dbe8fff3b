"""How far a run is. Tokens are counted; where minutes were asked for, they are turned into tokens by measuring."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

# The first steps are slow (memory, caches), so the pace is taken over a few seconds, but of no less than these.
_STEPS, _SECONDS = 20, 2.0
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
        return bool(self.minutes) and self._replan()

    def _replan(self) -> bool:
        steps, seen, spent_s = self.mark
        short = self.steps - steps < _STEPS or self.spent_s - spent_s < _SECONDS
        if not self.seen or (math.isfinite(self.total) and self.seen - seen < _REPLAN * self.total) or short:
            return False
        pace = (self.seen - seen) / (self.spent_s - spent_s)
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
