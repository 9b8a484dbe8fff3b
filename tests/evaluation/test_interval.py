"""Intervals: known values, limits, and coverage by simulation."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import pytest

from assay.evaluation.distributions import binomial_mid_tail
from assay.evaluation.interval import TAIL, rate_interval, share_interval, standard_error, task_interval

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from interval_coverage import SPREADS, pass_at_k_cell, rate_cell


def test_the_interval_of_a_share_agrees_with_published_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 6 (mid-P).
    for passed, n, low, high in [
        (81, 263, 0.2544, 0.3658),
        (15, 148, 0.0601, 0.1581),
        (0, 20, 0.0, 0.1391),
        (1, 29, 0.0017, 0.1585),
    ]:
        assert share_interval(passed / n, n) == pytest.approx((low, high), abs=5e-5)


def test_at_a_bound_the_observed_result_has_half_its_chance_in_a_tail_of_a_fortieth() -> None:
    from scipy.stats import binom

    for passed, n in [(1, 7), (3, 7), (72, 164), (499, 500), (30_000, 200_000)]:
        low, high = share_interval(passed / n, n)
        assert binom.sf(passed, n, low) + binom.pmf(passed, n, low) / 2 == pytest.approx(0.025, abs=1e-5)
        assert binom.cdf(passed - 1, n, high) + binom.pmf(passed, n, high) / 2 == pytest.approx(0.025, abs=1e-5)


def test_the_truth_lies_within_the_bounds_exactly_if_its_tail_does() -> None:
    """What the simulation of coverage rests upon."""
    dice = random.Random(5)
    for _ in range(2000):
        n = dice.uniform(1, 400)
        rate, truth = dice.choice([0.0, 1.0, dice.random()]), dice.random()
        low, high = share_interval(rate, n)
        assert (low <= truth <= high) == (TAIL <= binomial_mid_tail(rate * n, n, truth) <= 1 - TAIL)


def test_the_standard_error_is_that_of_clustered_regression() -> None:
    """A regression on nothing but a constant, samples clustered by task, as Miller (2024) does it."""
    import statsmodels.api

    dice = random.Random(7)
    outcomes = [[float(dice.random() < chance) for _ in range(8)] for chance in (dice.random() for _ in range(40))]
    flat = [value for task in outcomes for value in task]
    model = statsmodels.api.OLS(flat, np.ones(len(flat)))
    groups = [index for index, task in enumerate(outcomes) for _ in task]
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
    found = standard_error([sum(task) / len(task) for task in outcomes])
    assert found == pytest.approx(fit.bse[0] * (40 / 39) ** 0.5)  # statsmodels divides by 40 here, not by 39


def test_the_standard_error_of_one_task_is_not_known() -> None:
    assert standard_error([0.5]) is None


def test_one_sample_per_task_gives_exactly_the_interval_of_a_share() -> None:
    outcomes = [(1, 1)] * 72 + [(0, 1)] * 92
    assert task_interval(outcomes) == share_interval(72 / 164, 164)


@pytest.mark.parametrize("rate", [0, 1])
def test_all_or_none_passed_stays_within_zero_and_one_and_keeps_a_width(rate: int) -> None:
    low, high = task_interval([(10 * rate, 10)] * 30)
    assert 0 <= low < high <= 1
    assert (high == 1) == (rate == 1) and (low == 0) == (rate == 0)
    assert high - low == pytest.approx(share_interval(rate, 30)[1] - share_interval(rate, 30)[0])


def test_more_samples_of_the_same_tasks_never_count_as_more_tasks() -> None:
    one = [(1, 1)] * 40 + [(0, 1)] * 60
    copied = [(10, 10)] * 40 + [(0, 10)] * 60
    narrow, wide = task_interval(copied), task_interval(one)
    assert narrow[1] - narrow[0] == pytest.approx(wide[1] - wide[0], rel=0.02)


def test_few_tasks_are_less_sure_than_their_spread_says() -> None:
    """Of 5 tasks the spread itself is only guessed: Student's t widens the interval, as it does a plain mean's."""
    import scipy.stats

    rates = [0.3, 0.4, 0.5, 0.6, 0.7]
    low, high = rate_interval(rates, 500)
    plain = scipy.stats.t.interval(0.95, 4, loc=0.5, scale=scipy.stats.sem(rates))
    assert high - low == pytest.approx(plain[1] - plain[0], rel=0.1)


def test_the_bounds_move_with_the_rates_and_stay_within_zero_and_one() -> None:
    dice = random.Random(11)
    for _ in range(2000):
        tried = [dice.randint(1, 12) for _ in range(dice.randint(1, 30))]
        outcomes = [(dice.randint(0, n), n) for n in tried]
        low, high = task_interval(outcomes)
        mean = sum(passed / n for passed, n in outcomes) / len(outcomes)
        assert 0 <= low <= mean + 1e-12
        assert mean - 1e-12 <= high <= 1
        mirrored = task_interval([(n - passed, n) for passed, n in outcomes])
        assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_tasks_of_equal_rate_reach_the_number_of_samples_and_no_further() -> None:
    assert task_interval([(5, 10)] * 20) == share_interval(0.5, 200)


def test_no_task_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        task_interval([])


def exact_coverage(tasks: int, rate: float) -> float:
    """With one sample per task: the binomial chances of all counts whose interval holds the rate."""
    import scipy.stats

    counts = range(tasks + 1)
    bounds = [task_interval([(1, 1)] * passed + [(0, 1)] * (tasks - passed)) for passed in counts]
    held = [passed for passed in counts if bounds[passed][0] <= rate + 1e-12 and rate - 1e-12 <= bounds[passed][1]]
    return float(scipy.stats.binom.pmf(held, tasks, rate).sum())


@pytest.mark.parametrize(
    ("tasks", "rate"),
    [
        (tasks, rate)
        for tasks in (20, 30, 50, 100, 164, 378, 974)
        for rate in (0.05, 0.1, 0.2, 0.3, 0.35, 0.5, 0.7, 0.8, 0.9, 0.98)
        if tasks * rate * (1 - rate) >= 4  # below, outcomes come in too large steps: docs/statistics.md
    ],
)
def test_with_one_sample_per_task_the_interval_covers_93_to_97_times_in_100(tasks: int, rate: float) -> None:
    """Exact, not simulated."""
    assert 0.93 <= exact_coverage(tasks, rate) <= 0.97


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize(
    ("tasks", "samples", "rate"),
    [
        (20, 5, 0.3),
        (20, 20, 0.5),
        (30, 10, 0.7),
        (50, 5, 0.1),
        (50, 20, 0.5),
        (100, 10, 0.05),
        (164, 10, 0.2),
        (164, 3, 0.9),
    ],
)
def test_with_several_samples_the_interval_covers_93_to_97_times_in_100(
    tasks: int, samples: int, rate: float, spread: str
) -> None:
    """Tasks all alike, tasks of every difficulty, and tasks that are impossible. n p (1 - p) is 4 or more in all."""
    cell = rate_cell(np.random.default_rng(20_261_121), 4000, tasks, samples, rate, spread)
    assert 0.93 <= cell.coverage <= 0.97


@pytest.mark.parametrize(
    ("tasks", "samples", "k", "rate", "spread"),
    [
        (50, 10, 5, 0.1, "beta 0.3"),
        (20, 20, 2, 0.3, "beta 0.6"),
        (164, 20, 10, 0.3, "beta 0.9"),
        (164, 10, 5, 0.1, "alike"),
        (164, 200, 100, 0.05, "some impossible"),
    ],
)
def test_pass_at_k_has_intervals_that_cover_93_to_97_times_in_100(
    tasks: int, samples: int, k: int, rate: float, spread: str
) -> None:
    cell = pass_at_k_cell(np.random.default_rng(20_261_121), 4000, tasks, samples, k, rate, spread)
    assert cell.weight >= 4
    assert 0.93 <= cell.coverage <= 0.97


@pytest.mark.parametrize(("tasks", "samples", "rate"), [(5, 1, 0.5), (10, 10, 0.5), (10, 5, 0.3), (50, 10, 0.02)])
def test_where_93_to_97_cannot_be_reached_the_interval_is_not_far_off(tasks: int, samples: int, rate: float) -> None:
    """So few tasks, or so few that are solved, that outcomes come in steps; docs/statistics.md has the whole table."""
    for spread in ("alike", "beta 0.1", "beta 0.9"):
        cell = rate_cell(np.random.default_rng(20_261_121), 4000, tasks, samples, rate, spread)
        assert 0.90 <= cell.coverage <= 0.99
