"""Paired differences: equal to scipy and statsmodels where these have the same, and right in simulations."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assay.evaluation.paired import Difference, PairedTask, difference_interval, holm, paired_difference

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from interval_coverage import difference_cell


def table(both: int, only_a: int, only_b: int, neither: int) -> list[PairedTask]:
    """One sample per task."""
    cells = [(1, 1)] * both + [(1, 0)] * only_a + [(0, 1)] * only_b + [(0, 0)] * neither
    return [PairedTask(a, 1, b, 1) for a, b in cells]


def sampled(dice: random.Random, tasks: int, tried_a: int, tried_b: int, shift: float = 0.0) -> list[PairedTask]:
    """Several samples per task, tasks of every difficulty, B better by `shift`."""
    pairs = []
    for _ in range(tasks):
        chance = dice.random() * (1 - shift)
        passed = [
            sum(dice.random() < each for _ in range(n)) for each, n in ((chance, tried_a), (chance + shift, tried_b))
        ]
        pairs.append(PairedTask(passed[0], tried_a, passed[1], tried_b))
    return pairs


@pytest.mark.parametrize("cells", [(50, 4, 15, 95), (0, 0, 1, 0), (10, 0, 0, 10), (3, 5, 5, 3), (200, 120, 180, 474)])
def test_one_sample_per_task_is_mcnemars_exact_test_of_statsmodels(cells: tuple[int, int, int, int]) -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    both, only_a, only_b, neither = cells
    found = paired_difference(table(*cells))
    expected = mcnemar([[both, only_a], [only_b, neither]], exact=True)
    assert found.test == "McNemar, exact"
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert (found.won, found.lost, found.tied) == (only_b, only_a, both + neither)
    assert found.difference == pytest.approx((only_b - only_a) / sum(cells))


@pytest.mark.parametrize("seed", range(5))
def test_several_samples_per_task_are_scipys_exact_permutation_test(seed: int) -> None:
    import scipy.stats

    pairs = sampled(random.Random(seed), 11, 4, 5, shift=0.2)
    found = paired_difference(pairs)
    differences = [float(pair.difference) for pair in pairs]
    expected = scipy.stats.permutation_test(
        (differences,),
        lambda x, axis: np.round(np.sum(x, axis=axis), 9),
        permutation_type="samples",
        n_resamples=np.inf,
    )
    assert found.test == "sign flips, exact"
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_a_table_too_large_for_counting_is_tested_by_the_normal_approximation() -> None:
    import scipy.stats

    pairs = sampled(random.Random(1), 400, 97, 101, shift=0.01)
    found = paired_difference(pairs)
    differences = np.array([float(pair.difference) for pair in pairs])
    z = differences.sum() / np.sqrt((differences**2).sum())
    assert found.test == "sign flips, normal approximation"
    assert found.p_value == pytest.approx(2 * scipy.stats.norm.sf(abs(z)), rel=1e-6)


def test_few_tasks_are_counted_exactly_however_uneven_their_samples() -> None:
    pairs = [PairedTask(0, 200, each // 2, each) for each in (199, 198, 197, 196, 193)]
    found = paired_difference(pairs)
    assert (found.test, found.p_value) == ("sign flips, exact", 2 / 2**5)


@pytest.mark.parametrize("seed", range(5))
def test_counting_signs_and_counting_sums_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = sampled(random.Random(seed), 13, 4, 5, shift=0.1)
    expected = paired_difference(pairs)
    monkeypatch.setattr("assay.evaluation.paired._MOST_STEPS", 0)
    found = paired_difference(pairs)
    assert (found.test, found.p_value) == (expected.test, expected.p_value)


def test_the_most_tasks_that_are_counted_by_their_signs_take_about_a_second() -> None:
    dice = random.Random(1)
    pairs = [PairedTask(dice.randrange(190), 200, dice.randrange(1, 190), dice.randrange(190, 200)) for _ in range(32)]
    begin = time.process_time()
    assert paired_difference(pairs).test == "sign flips, exact"
    assert time.process_time() - begin < 5


def test_the_normal_approximation_never_gives_less_than_the_exact_test_could() -> None:
    pairs = [PairedTask(0, 1, 1 + each, 2 + each) for each in range(33)]
    found = paired_difference(pairs)
    assert found.test == "sign flips, normal approximation"
    assert found.p_value >= 2 / 2**33
    certain = [PairedTask(0, 101, 96 + each % 4, 97 + each % 4) for each in range(400)]
    assert paired_difference(certain).p_value > 0


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_and_its_standard_error_are_scipys(seed: int) -> None:
    import scipy.stats

    pairs = sampled(random.Random(seed), 60, 10, 3)
    found = paired_difference(pairs)
    a = [pair.passed_a / pair.tried_a for pair in pairs]
    b = [pair.passed_b / pair.tried_b for pair in pairs]
    assert found.difference == pytest.approx(np.mean(b) - np.mean(a))
    assert found.error == pytest.approx(scipy.stats.sem(np.subtract(b, a)))
    assert (found.rate_a, found.rate_b) == (pytest.approx(np.mean(a)), pytest.approx(np.mean(b)))


def test_with_many_tasks_the_interval_is_scipys_paired_interval() -> None:
    import scipy.stats

    pairs = sampled(random.Random(2), 2000, 5, 5, shift=0.05)
    a = [pair.passed_a / 5 for pair in pairs]
    b = [pair.passed_b / 5 for pair in pairs]
    expected = scipy.stats.ttest_rel(b, a).confidence_interval(0.95)
    assert paired_difference(pairs).interval == pytest.approx((expected.low, expected.high), abs=2e-4)


def test_with_one_sample_the_interval_is_that_of_agresti_and_min_with_students_t() -> None:
    import scipy.stats

    low, high = difference_interval([1.0] * 14 + [-1.0] * 4 + [0.0] * 82, 1)
    n, b, c = 102, 14.5, 4.5
    centre = (b - c) / n
    half = scipy.stats.t.ppf(0.975, 99) * ((b + c - (b - c) ** 2 / n) ** 0.5 / n)
    assert (low, high) == (pytest.approx(centre - half), pytest.approx(centre + half))


def test_more_tasks_are_those_of_a_power_of_80_percent() -> None:
    from statsmodels.stats.power import normal_sample_size_one_tail

    found = paired_difference(table(60, 10, 14, 80))
    spread = np.std([1] * 14 + [-1] * 10 + [0] * 140, ddof=1)
    needed = normal_sample_size_one_tail(found.difference, 0.8, 0.025, std_null=spread)
    assert found.more_tasks == pytest.approx(needed - 164, abs=1)
    assert paired_difference(table(60, 2, 40, 62)).more_tasks == 0
    assert paired_difference(table(60, 12, 12, 80)).more_tasks is None


def test_fewer_than_six_uneven_tasks_can_never_be_enough() -> None:
    found = paired_difference(table(0, 0, 3, 1))
    assert found.p_value > 0.05
    assert found.more_tasks == 4


def test_two_runs_that_never_differ_still_have_an_interval_with_a_width() -> None:
    found = paired_difference(table(70, 0, 0, 94))
    low, high = found.interval
    assert -0.03 < low < 0 < high < 0.03
    assert found.p_value == 1


@pytest.mark.parametrize("pairs", [table(0, 0, 1, 0), table(0, 0, 40, 0), [PairedTask(0, 50, 50, 50)] * 3])
def test_the_bounds_stay_within_minus_one_and_one(pairs: list[PairedTask]) -> None:
    found = paired_difference(pairs)
    assert -1 <= found.interval[0] <= found.interval[1] <= 1
    assert (found.error is None) == (len(pairs) == 1)


def test_swapping_the_runs_swaps_the_signs() -> None:
    pairs = sampled(random.Random(9), 30, 6, 4)
    swapped = [PairedTask(pair.passed_b, pair.tried_b, pair.passed_a, pair.tried_a) for pair in pairs]
    there, back = paired_difference(pairs), paired_difference(swapped)
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert (back.won, back.lost, back.p_value) == (there.lost, there.won, there.p_value)


def test_no_task_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        paired_difference([])


def test_holms_adjustment_is_statsmodels() -> None:
    from statsmodels.stats.multitest import multipletests

    p_values = [0.04, 0.001, 0.7, 0.012, 0.04]
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))
    assert holm([]) == []


@pytest.mark.parametrize(
    ("tasks", "samples", "rates"), [(50, 1, (0.4, 0.5)), (164, 1, (0.3, 0.6)), (164, 1, (0.5, 0.5))]
)
@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_with_one_sample_the_interval_covers_93_to_97_times_in_100(
    tasks: int, samples: int, rates: tuple[float, float], alike: float
) -> None:
    coverage = difference_cell(np.random.default_rng(5), 4000, tasks, samples, rates, 1.0, alike)
    assert 0.93 <= coverage <= 0.97


@pytest.mark.parametrize(
    ("tasks", "samples", "rates"), [(50, 5, (0.4, 0.5)), (20, 10, (0.3, 0.6)), (164, 10, (0.1, 0.2))]
)
@pytest.mark.parametrize("alike", [0.0, 0.5, 0.9])
def test_with_several_samples_the_interval_covers_93_to_97_times_in_100(
    tasks: int, samples: int, rates: tuple[float, float], alike: float
) -> None:
    coverage = difference_cell(np.random.default_rng(5), 4000, tasks, samples, rates, 0.5, alike)
    assert 0.93 <= coverage <= 0.97


def test_a_difference_that_is_not_there_is_seldom_found() -> None:
    """Two equal models: both the interval and the test must agree before anything is claimed."""
    dice = random.Random(3)
    claims = 0
    for _ in range(400):
        found: Difference = paired_difference(sampled(dice, 40, 1, 1))
        claims += (found.interval[0] > 0 or found.interval[1] < 0) and found.p_value < 0.05
    assert claims / 400 <= 0.05
