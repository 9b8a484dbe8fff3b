"""Intervals: known values, limits, and coverage by simulation."""

from __future__ import annotations

import random

import pytest

from assay.evaluation.interval import task_interval, wilson


def test_wilson_agrees_with_published_values() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for passed, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert wilson(passed / n, n) == pytest.approx((low, high), abs=5e-5)


def test_one_sample_per_task_gives_exactly_wilson() -> None:
    outcomes = [(1, 1)] * 72 + [(0, 1)] * 92
    assert task_interval(outcomes) == wilson(72 / 164, 164)


@pytest.mark.parametrize("rate", [0, 1])
def test_all_or_none_passed_stays_within_zero_and_one_and_keeps_a_width(rate: int) -> None:
    low, high = task_interval([(10 * rate, 10)] * 30)
    assert 0 <= low < high <= 1
    assert (high == 1) == (rate == 1) and (low == 0) == (rate == 0)
    assert high - low == pytest.approx(wilson(rate, 30)[1] - wilson(rate, 30)[0])


def test_more_samples_of_the_same_tasks_never_count_as_more_tasks() -> None:
    one = [(1, 1)] * 40 + [(0, 1)] * 60
    copied = [(10, 10)] * 40 + [(0, 10)] * 60
    narrow, wide = task_interval(copied), task_interval(one)
    assert narrow[1] - narrow[0] == pytest.approx(wide[1] - wide[0], rel=0.02)


def test_tasks_of_equal_rate_reach_the_number_of_samples_and_no_further() -> None:
    assert task_interval([(5, 10)] * 20) == wilson(0.5, 200)


def test_no_task_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        task_interval([])


@pytest.mark.parametrize(
    ("tasks", "samples", "alpha", "beta"),
    [(30, 1, 1.0, 1.0), (30, 10, 0.6, 0.9), (100, 10, 0.3, 0.3), (164, 20, 0.5, 1.5), (60, 5, 0.2, 2.0)],
)
def test_the_interval_covers_the_true_rate_about_95_times_in_100(
    tasks: int, samples: int, alpha: float, beta: float
) -> None:
    """Tasks drawn from a Beta population of difficulties, samples of a task sharing its difficulty."""
    dice = random.Random(20_240_924)
    truth = alpha / (alpha + beta)
    rounds, hits = 600, 0
    for _ in range(rounds):
        outcomes = []
        for _ in range(tasks):
            rate = dice.betavariate(alpha, beta)
            outcomes.append((sum(dice.random() < rate for _ in range(samples)), samples))
        low, high = task_interval(outcomes)
        assert 0 <= low <= high <= 1
        hits += low <= truth <= high
    # 600 rounds at 95 % have a standard error of 0.9 points.
    assert 0.925 <= hits / rounds <= 0.985
