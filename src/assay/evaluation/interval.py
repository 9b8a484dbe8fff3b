"""How sure a rate is: the standard error and the 95 % interval of a mean over tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.evaluation.distributions import binomial_mid_tail, t_quantile

TAIL = 0.025


def share_interval(rate: float, n: float) -> tuple[float, float]:
    """The 95 % mid-P interval of a share `rate` among `n` independent observations (`n` may be fractional).

    Clopper and Pearson's exact interval, but the observed result itself counts half in either tail: those shares stay
    in for which neither tail is under 2.5 %. It is not as wide as theirs, and its coverage stays nearer to 95 % than
    that of Wilson's (docs/statistics.md). Never leaves [0, 1] and keeps a width at 0 and 1.
    Sources: H. O. Lancaster, "Significance tests in discrete distributions", JASA 56 (1961); G. Berry and P. Armitage,
    "Mid-P confidence intervals: a brief review", The Statistician 44 (1995).
    """
    successes = rate * n
    low = 0.0 if rate <= 0 else _share_with_tail(TAIL, successes, n, 0.0, rate)
    high = 1.0 if rate >= 1 else _share_with_tail(1 - TAIL, successes, n, rate, 1.0)
    return low, high


def _share_with_tail(tail: float, successes: float, n: float, low: float, high: float) -> float:
    """The share within low and high of which `binomial_mid_tail` is `tail`, by bisection: the tail grows with it."""
    while high - low > 1e-10:
        middle = (low + high) / 2
        if binomial_mid_tail(successes, n, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def standard_error(rates: Sequence[float]) -> float | None:
    """The standard error of the mean of task rates: their spread over the root of their number.

    Tasks are the independent observations (clusters), so samples of one task are never counted as independent ones.
    None for a single task, whose spread cannot be known. Source: E. Miller, "Adding error bars to evals" (2024),
    section 2.2, with the tasks as clusters.
    """
    return math.sqrt(_variance(rates) / len(rates)) if len(rates) > 1 else None


def task_interval(outcomes: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The 95 % interval of the mean over tasks of passed/tried.

    outcomes: one (passed, tried) pair per task, tried >= 1. Raises ValueError when there is no task.
    """
    return rate_interval([passed / tried for passed, tried in outcomes], sum(tried for _, tried in outcomes))


def rate_interval(rates: Sequence[float], samples: int) -> tuple[float, float]:
    """The 95 % interval of the mean of task rates, each in [0, 1], that were estimated from `samples` samples in all.

    See `mean_interval`. Raises ValueError when there is no task.
    """
    if not rates:
        raise ValueError("an interval needs at least one task")
    variance = _variance(rates) if len(rates) > 1 else 0.0
    return mean_interval(math.fsum(rates) / len(rates), variance, len(rates), samples)


def mean_interval(mean: float, variance: float, tasks: int, samples: int) -> tuple[float, float]:
    """The 95 % interval of a mean of task rates: the mid-P interval on an effective number of observations.

    variance: of the task rates, with tasks - 1 as divisor. samples: of all tasks together.

    With one sample per task this is exactly the mid-P interval of the share of tasks solved.
    Source: Korn and Graubard, Survey Methodology 24 (1998), with the mid-P interval in the place of Clopper and
    Pearson's. docs/statistics.md has its coverage, and what covers less well.
    """
    return share_interval(mean, effective_observations(mean, variance, tasks, samples))


def effective_observations(mean: float, variance: float, tasks: int, samples: int) -> float:
    """How many independent observations tell as much as these samples of tasks do; see `mean_interval`.

    mean (1 - mean) / (variance / tasks), times the square of t(samples - 1) / t(tasks - 1), because a variance that is
    estimated from few tasks is itself uncertain. It is kept between the number of tasks (samples of a task all alike)
    and that of samples (all independent).
    """
    between = mean * (1 - mean)
    if samples <= tasks or tasks == 1 or between <= 0:
        return float(tasks)
    if variance <= 0:
        return float(samples)
    certainty = t_quantile(0.975, samples - 1) / t_quantile(0.975, tasks - 1)
    return min(max(between / (variance / tasks) * certainty**2, tasks), samples)


def _variance(rates: Sequence[float]) -> float:
    mean = math.fsum(rates) / len(rates)
    return math.fsum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1)
