"""How sure a pass rate is: the 95 % interval of a mean over tasks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


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


def task_interval(outcomes: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """The 95 % interval of the mean over tasks of passed/tried.

    outcomes: one (passed, tried) pair per task, tried >= 1. Tasks are the independent observations (clusters); samples
    of one task resemble each other and never count as independent ones.

    Method: Wilson's interval on an effective number of observations, n = p(1-p) / Var(mean), with Var(mean) estimated
    from the spread of the task rates; n is kept between the number of tasks (samples of a task all alike) and the
    number of samples (all independent). With one sample per task this is exactly Wilson's interval.
    Source: Korn and Graubard, Survey Methodology 24 (1998); Dean and Pagano, J. Surv. Stat. Methodol. 3 (2015), who
    find it to cover best among intervals for clustered proportions. Coverage is held by a simulation test.

    Raises ValueError when there is no task.
    """
    if not outcomes:
        raise ValueError("an interval needs at least one task")
    tasks = len(outcomes)
    rates = [passed / tried for passed, tried in outcomes]
    mean = math.fsum(rates) / tasks
    if all(tried == 1 for _, tried in outcomes) or tasks == 1:
        return wilson(mean, tasks)
    variance = math.fsum((rate - mean) ** 2 for rate in rates) / (tasks - 1) / tasks
    samples = sum(tried for _, tried in outcomes)
    between = mean * (1 - mean)
    effective = tasks if between == 0 else between / variance if variance > 0 else samples
    return wilson(mean, min(max(effective, tasks), samples))
