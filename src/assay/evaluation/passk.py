"""pass@k: the chance that at least one of k samples passes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.evaluation.interval import rate_interval, standard_error


def pass_at_k(tried: int, passed: int, k: int) -> float:
    """The chance that at least one of k samples passes, estimated from `passed` of `tried`; unbiased.

    1 - C(n-c, k) / C(n, k), Chen et al., "Evaluating large language models trained on code" (2021), equation 1.
    Raises ValueError unless 0 <= passed <= tried and 1 <= k <= tried.
    """
    if not (0 <= passed <= tried and 1 <= k <= tried):
        raise ValueError(f"pass@{k} is not defined for {passed} of {tried}")
    draws = math.comb(tried, k)
    return (draws - math.comb(tried - passed, k)) / draws


@dataclass(frozen=True)
class PassAtK:
    """pass@k averaged over tasks. error: its standard error over tasks, None for one task. interval: 95 %."""

    k: int
    rate: float
    error: float | None
    interval: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"k": self.k, "rate": self.rate}
        if self.error is not None:
            body["se"] = self.error
        return body | {"ci95": list(self.interval)}


def pass_curve(outcomes: Sequence[tuple[int, int]]) -> tuple[PassAtK, ...]:
    """pass@k for every k that all tasks have samples for, k = 1 first; empty when there is no task.

    outcomes: one (passed, tried) pair per task, tried >= 1.
    """
    samples = sum(tried for _, tried in outcomes)
    curve = []
    for k in range(1, min((tried for _, tried in outcomes), default=0) + 1):
        rates = [pass_at_k(tried, passed, k) for passed, tried in outcomes]
        rate = math.fsum(rates) / len(rates)
        curve.append(PassAtK(k, rate, standard_error(rates), rate_interval(rates, samples)))
    return tuple(curve)
