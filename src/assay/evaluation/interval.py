"""How sure a rate is: the standard error and the 95 % interval of a mean over tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.evaluation.distributions import Z95, t_quantile


def wilson(rate: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a share `rate` among `n` independent observations (`n` may be fractional).

    Never leaves [0, 1] and keeps a width at 0 and 1.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """
    z2 = Z95 * Z95
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    low = 0.0 if rate <= 0 else max(0.0, middle - half)
    high = 1.0 if rate >= 1 else min(1.0, middle + half)
    return low, high


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
    """The 95 % interval of a mean of task rates.

    variance: of the task rates, with tasks - 1 as divisor. samples: of all tasks together.

    Wilson's interval on an effective number of observations: mean (1 - mean) / (variance / tasks), times the square of
    t(samples - 1) / t(tasks - 1), because a variance that is estimated from few tasks is itself uncertain. It is kept
    between the number of tasks (samples of a task all alike) and that of samples (all independent). With one sample
    per task this is exactly Wilson's interval.
    Source: Korn and Graubard, Survey Methodology 24 (1998), with Wilson's interval in the place of Clopper and
    Pearson's, as Dean and Pagano, J. Surv. Stat. Methodol. 3 (2015), recommend. docs/statistics.md has its coverage.
    """
    between = mean * (1 - mean)
    if samples <= tasks or tasks == 1 or between <= 0:
        effective = float(tasks)
    elif variance <= 0:
        effective = float(samples)
    else:
        certainty = t_quantile(0.975, samples - 1) / t_quantile(0.975, tasks - 1)
        effective = min(max(between / (variance / tasks) * certainty**2, tasks), samples)
    return wilson(mean, effective)


def _variance(rates: Sequence[float]) -> float:
    mean = math.fsum(rates) / len(rates)
    return math.fsum((rate - mean) ** 2 for rate in rates) / (len(rates) - 1)
