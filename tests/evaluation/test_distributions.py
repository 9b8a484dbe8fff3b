"""Quantiles and tails equal scipy's."""

from __future__ import annotations

import pytest

from assay.evaluation.distributions import Z95, binomial_two_sided, t_quantile


@pytest.mark.parametrize("degrees", [1, 2, 3, 7, 30, 163, 5000, 1_000_000])
@pytest.mark.parametrize("share", [0.6, 0.95, 0.975, 0.9999])
def test_students_quantile_is_scipys(degrees: int, share: float) -> None:
    import scipy.stats

    assert t_quantile(share, degrees) == pytest.approx(scipy.stats.t.ppf(share, degrees), rel=1e-8)


def test_the_normal_quantile_is_scipys() -> None:
    import scipy.stats

    assert pytest.approx(scipy.stats.norm.ppf(0.975), rel=1e-12) == Z95


@pytest.mark.parametrize(("share", "degrees"), [(0.5, 3), (1.0, 3), (0.2, 3), (0.975, 0)])
def test_a_quantile_that_is_not_defined_is_refused(share: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        t_quantile(share, degrees)


@pytest.mark.parametrize(("fewer", "tried"), [(0, 0), (0, 1), (1, 2), (3, 20), (17, 20), (40, 100), (480, 1000)])
def test_the_sign_test_is_scipys_binomial_test(fewer: int, tried: int) -> None:
    import scipy.stats

    expected = scipy.stats.binomtest(fewer, tried).pvalue if tried else 1.0
    assert binomial_two_sided(fewer, tried) == pytest.approx(expected, rel=1e-9)
