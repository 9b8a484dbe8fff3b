"""Two models on the same tasks: the paired difference of their rates, its interval, and the exact test."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from assay.evaluation.distributions import Z95, binomial_two_sided, t_quantile

POWER = 0.8
_REACH = Z95 + NormalDist().inv_cdf(POWER)  # standard errors that a difference must have to be shown with this power
_FEWEST_UNEVEN = 6  # 2 / 2^6 < 5 %
_MOST_STEPS = 4_000_000  # of the exact sign-flip test, about a second
_MOST_LISTED = 32  # differences whose signs are all tried, where they are too uneven for that: 2 * 2^16 sums

MCNEMAR = "McNemar, exact"
SIGN_FLIP = "sign flips, exact"
SIGN_FLIP_NORMAL = "sign flips, normal approximation"


@dataclass(frozen=True)
class PairedTask:
    """One task that both models answered: how many samples of each passed, of how many."""

    passed_a: int
    tried_a: int
    passed_b: int
    tried_b: int

    @property
    def difference(self) -> Fraction:
        """Rate of B minus rate of A."""
        return Fraction(self.passed_b, self.tried_b) - Fraction(self.passed_a, self.tried_a)


@dataclass(frozen=True)
class Difference:
    """How much better B is than A over `tasks` tasks.

    rate_a, rate_b, difference: means over tasks; the difference is B minus A. error: its standard error, None for one
    task. interval: 95 %. won, lost, tied: tasks on which B's rate is higher, lower, the same. test, p_value: the test
    and its two-sided p value. more_tasks: how many more tasks like these would show a difference as large as this one
    with a chance of 80 %; None when the rates are equal. visible: the smallest difference that these tasks would show
    with that chance.
    """

    tasks: int
    rate_a: float
    rate_b: float
    difference: float
    error: float | None
    interval: tuple[float, float]
    won: int
    lost: int
    tied: int
    test: str
    p_value: float
    more_tasks: int | None
    visible: float


def paired_difference(pairs: Sequence[PairedTask]) -> Difference:
    """Compare two models task by task. Raises ValueError when there is no task.

    Samples of one task are averaged first: the task differences are the independent observations, and each task counts
    the same however many samples it has.
    """
    if not pairs:
        raise ValueError("a comparison needs at least one task")
    tasks = len(pairs)
    exact = [pair.difference for pair in pairs]
    values = [float(each) for each in exact]
    mean = math.fsum(values) / tasks
    variance = math.fsum((value - mean) ** 2 for value in values) / (tasks - 1) if tasks > 1 else 0.0
    samples = sum(min(pair.tried_a, pair.tried_b) for pair in pairs) / tasks
    _, spread = _smoothed(values, samples)
    test, p_value = _test(pairs, exact)
    won, lost = sum(each > 0 for each in exact), sum(each < 0 for each in exact)
    return Difference(
        tasks=tasks,
        rate_a=math.fsum(pair.passed_a / pair.tried_a for pair in pairs) / tasks,
        rate_b=math.fsum(pair.passed_b / pair.tried_b for pair in pairs) / tasks,
        difference=mean,
        error=math.sqrt(variance / tasks) if tasks > 1 else None,
        interval=difference_interval(values, samples),
        won=won,
        lost=lost,
        tied=tasks - won - lost,
        test=test,
        p_value=p_value,
        more_tasks=max(_needed(mean, variance, (won + lost) / tasks) - tasks, 0) if mean else None,
        visible=_REACH * spread,
    )


def difference_interval(values: Sequence[float], samples: float) -> tuple[float, float]:
    """The 95 % interval of the mean of task differences, each in [-1, 1].

    samples: per task, of the model that has fewer. Student's interval around `_smoothed`; docs/statistics.md has its
    coverage.
    """
    centre, spread = _smoothed(values, samples)
    half = t_quantile(0.975, max(len(values) - 1, 1)) * spread
    return max(-1.0, centre - half), min(1.0, centre + half)


def holm(p_values: Sequence[float]) -> list[float]:
    """p values of several tests, so raised that all of them together are wrong at most as often as one.

    Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6 (1979).
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    raised = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        raised[index] = highest
    return raised


def _needed(mean: float, variance: float, uneven: float) -> int:
    """Tasks that would show this mean difference with a chance of 80 %.

    uneven: share of tasks that are not tied. Six of them are the fewest that the exact test can find uneven at 5 %.
    """
    return math.ceil(max(variance * (_REACH / mean) ** 2, _FEWEST_UNEVEN / uneven))


def _smoothed(values: Sequence[float], samples: float) -> tuple[float, float]:
    """Centre and standard error of the interval: as if two more observations had been won, lost and drawn in part.

    samples: per task. With one, half an observation is added to each of the four cells of the paired table (Agresti
    and Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in Medicine 24, 2005);
    with more, that much of one sample. So two models that never differ still get an interval with a width.
    """
    cell = 0.5 / samples
    observations = len(values) + 4 * cell
    centre = math.fsum(values) / observations
    variance = (math.fsum(value * value for value in values) + 2 * cell) / observations - centre * centre
    return centre, math.sqrt(variance / observations)


def _test(pairs: Sequence[PairedTask], differences: Sequence[Fraction]) -> tuple[str, float]:
    """Could chance alone, a fair coin for the sign of every task's difference, make them this uneven?"""
    if all(pair.tried_a == pair.tried_b == 1 for pair in pairs):
        won, lost = (sum(sign * each > 0 for each in differences) for sign in (1, -1))
        return MCNEMAR, binomial_two_sided(min(won, lost), won + lost)
    scale = math.lcm(*(each.denominator for each in differences))
    steps = [abs(int(each * scale)) for each in differences if each]
    found = abs(int(sum(differences) * scale))
    whole = sum(steps)
    if len(steps) * whole > _MOST_STEPS:
        if len(steps) <= _MOST_LISTED:
            return SIGN_FLIP, _share_of_sums(steps, found)
        z = found / math.sqrt(sum(step * step for step in steps))
        # No test of this kind can find less than all signs alike, for A or for B.
        return SIGN_FLIP_NORMAL, max(2 * (1 - NormalDist().cdf(z)), math.ldexp(2.0, -len(steps)))
    # ways[s]: how many choices of tasks have differences that sum to s. Their signs plus, the others minus: 2s - whole.
    ways = [1] + [0] * whole
    for step in steps:
        for total in range(whole, step - 1, -1):
            ways[total] += ways[total - step]
    extreme = sum(count for total, count in enumerate(ways) if abs(2 * total - whole) >= found)
    return SIGN_FLIP, extreme / (1 << len(steps))


def _share_of_sums(steps: Sequence[int], found: int) -> float:
    """Of all 2^n ways to give the steps signs, the share whose sum is at least `found` away from zero.

    The sums of each half are listed, and for every one of the second half those of the first that go with it counted.
    """
    if found == 0:
        return 1.0
    half = len(steps) // 2
    first, second = sorted(_signed_sums(steps[:half])), _signed_sums(steps[half:])
    high = sum(len(first) - bisect_left(first, found - each) for each in second)
    return 2 * high / (1 << len(steps))  # as many are as low


def _signed_sums(steps: Sequence[int]) -> list[int]:
    sums = [0]
    for step in steps:
        sums = [each + sign for sign in (step, -step) for each in sums]
    return sums
