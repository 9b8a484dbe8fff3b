"""Quantiles and tails that intervals and tests need, without scipy: the core install stays light."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


@lru_cache(maxsize=4096)
def t_quantile(share: float, degrees: int) -> float:
    """The value that Student's t with `degrees` degrees of freedom stays below with chance `share` (0.5 < share < 1).

    Accurate to about 1e-9 relative. Raises ValueError outside that range.
    """
    if not 0.5 < share < 1 or degrees < 1:
        raise ValueError(f"no quantile {share} of Student's t with {degrees} degrees of freedom here")
    low, high = 0.0, 1.0
    while _t_above(high, degrees) > 1 - share:
        low, high = high, 2 * high
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        if _t_above(middle, degrees) > 1 - share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def binomial_two_sided(fewer: int, tried: int) -> float:
    """The chance that a fair coin thrown `tried` times is at least as uneven as `fewer` against the rest.

    The p value of the exact sign test, and so of McNemar's exact test; 1 when nothing was thrown.
    """
    fewer = min(fewer, tried - fewer)
    tail: int = sum(math.comb(tried, count) for count in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << tried))


def binomial_mid_tail(successes: float, n: float, share: float) -> float:
    """P(X > successes) + P(X = successes) / 2 for a binomial X of `n` trials that each succeed with chance `share`.

    Both numbers may be fractional: the incomplete beta function carries the tail over. 0 <= successes <= n, n > 0.
    """
    if share <= 0 or share >= 1:
        return float(share >= 1)
    failures = n - successes
    at_least = _incomplete_beta(share, successes, failures + 1) if successes > 0 else 1.0
    exactly = math.lgamma(n + 1) - math.lgamma(successes + 1) - math.lgamma(failures + 1)
    exactly += successes * math.log(share) + failures * math.log1p(-share)
    return at_least - math.exp(exactly) / 2


def _t_above(t: float, degrees: int) -> float:
    """P(T > t) for t >= 0."""
    return _incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), 0 <= x <= 1.

    Continued fraction 8.17.22 of the Digital Library of Mathematical Functions (https://dlmf.nist.gov/8.17), evaluated
    by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    tiny = 1e-300
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), tiny)
    fraction = d
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return math.exp(front) * fraction
