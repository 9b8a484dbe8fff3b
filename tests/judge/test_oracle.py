"""When answers count as equal, under the rules of EvalPlus 0.2 and 0.3."""

from __future__ import annotations

import math
from typing import Any

import pytest

from assay.judge.oracle import RTOL, Comparison, equal, is_floats, poly

BOTH = ("0.2", "0.3")
F = 1e-6


def passes(rules: str, out: Any, expected: Any, *, stored: float = 0.0, special: str = "", args: Any = ()) -> bool:
    """One input, judged on its own."""
    return Comparison((rules, special, stored), lambda _: expected).passes(0, args, out)


@pytest.mark.parametrize("rules", BOTH)
@pytest.mark.parametrize(
    "out, expected, right",
    [
        (1, 1, True),
        (1, True, True),
        (1, 1.0, None),
        ([1, 2], [1, 2], True),
        ((1, 2), [1, 2], False),
        ("a", "a", True),
        ("a", "b", False),
        (None, None, True),
        (None, 0, False),
        ({1: 2}, {1: 2}, True),
        ({1}, {1}, True),
        ({1}, frozenset({1}), True),
        ([1], [1.5], False),
        (1.0 + 1e-9, 1.0, True),
        (1.1, 1.0, False),
        (-0.0, 0.0, True),
        ([1.0, 2.0 + 1e-9], [1.0, 2.0], True),
        ([1.0, 2.1], [1.0, 2.0], False),
        ((1.0,), (1.0 + 1e-9,), True),
        (math.inf, math.inf, True),
        (-math.inf, math.inf, False),
        (math.nan, 1.0, False),
        (math.nan, math.nan, False),
        ("1.0", 1.0, False),
        (None, 1.0, False),
        ({"a": 1.0}, {"a": 1.0 + 1e-9}, False),
        ([[1.0]], [[1.0 + 1e-9]], False),
    ],
)
def test_what_both_releases_say(rules: str, out: Any, expected: Any, right: bool | None) -> None:
    if right is None:
        right = True  # an int equals its float exactly, before tolerances come into play
    assert passes(rules, out, expected) is right


@pytest.mark.parametrize(
    "out, expected, old, new",
    [
        (1, 1.0 + 1e-9, True, False),  # 0.3 wants the same type where it falls back on tolerance
        ((1.0, 2.0 + 1e-9), [1.0, 2.0], True, False),
        ([1.0 + 1e-9], [1.0, 1.0], True, False),  # numpy stretches a row of one; 0.3 compares lengths first
        ([1.0, 1.0 + 1e-9], [1.0], True, False),
        (True, 1.0 + 1e-9, True, False),
        ([1, 2], [1.0, 2.0 + 1e-9], True, True),
    ],
)
def test_where_the_releases_differ(out: Any, expected: Any, old: bool, new: bool) -> None:
    assert passes("0.2", out, expected) is old
    assert passes("0.3", out, expected) is new


def test_an_empty_list_counts_as_floats_only_in_the_old_release() -> None:
    assert is_floats([], "0.2")
    assert not is_floats([], "0.3")
    assert passes("0.2", [1.0], [])  # numpy stretches a row of one to none
    assert not passes("0.3", [1.0], [])
    assert not passes("0.2", [1.0, 2.0], [])


@pytest.mark.parametrize("rules", BOTH)
def test_the_tolerance_is_absolute_plus_relative_to_what_is_expected(rules: str) -> None:
    assert passes(rules, 1.0 + F, 1.0)
    assert not passes(rules, 1.0 + 1.2 * F, 1.0)
    assert passes(rules, 1e9 + 1e9 * RTOL, 1e9)
    assert not passes(rules, 1e9 + 3 * 1e9 * RTOL, 1e9)
    assert passes(rules, 1.4, 1.0, stored=0.5)
    assert not passes(rules, 1.6, 1.0, stored=0.5)


@pytest.mark.parametrize("rules", BOTH)
def test_a_stored_tolerance_applies_to_ints_too(rules: str) -> None:
    assert passes(rules, 11, 10, stored=1.0)
    assert not passes(rules, 12, 10, stored=1.0)
    assert not passes(rules, "a", "b", stored=1.0)


@pytest.mark.parametrize("rules", BOTH)
def test_the_first_expected_float_raises_the_tolerance_for_the_rest(rules: str) -> None:
    expected = [[1], 2.0, [3]]
    comparison = Comparison((rules, "", 0.0), expected.__getitem__)
    assert not comparison.passes(0, (), [1 + 1e-9])
    assert comparison.passes(1, (), 2.0 + 1e-9)
    assert comparison.passes(2, (), [3 + 1e-9])


def test_the_order_of_asking_does_not_matter() -> None:
    expected = [1.0, [3]]
    assert Comparison(("0.2", "", 0.0), expected.__getitem__).passes(1, (), [3 + 1e-9])


@pytest.mark.parametrize("rules", BOTH)
def test_values_that_cannot_be_compared_fail(rules: str) -> None:
    assert not passes(rules, [1.0, [2.0]], [1.0, 2.0])
    assert not passes(rules, {}, 1.0)
    assert not passes(rules, [1.0, 2.0, 3.0], [1.0, 2.0])


def test_numpy_stretches_numbers_over_rows_and_rows_of_one() -> None:
    one, two = 1.0, [1.0, 1.0 + 1e-9]
    assert passes("0.2", one, two)
    assert passes("0.2", two, one)
    assert passes("0.2", [[1.0, 1.0]], two)
    assert not passes("0.2", 1.5, two)
    assert not passes("0.2", [[1.0], [1.5]], two)


@pytest.mark.parametrize("rules", BOTH)
def test_a_zero_of_the_polynomial_is_right_whichever_it_is(rules: str) -> None:
    args = ([-6.0, 11.0, -6.0, 1.0],)  # zeros 1, 2, 3
    assert abs(poly(args[0], 2.0)) < 1e-9
    for zero in (1.0, 2.0, 3.0):
        assert equal(rules, "find_zero", 1e-4, 1e-4, args, zero, 1.0) is (rules == "0.3" or zero == 1.0)
    assert not passes(rules, 1.5, 1.0, stored=1e-4, special="find_zero", args=args)


@pytest.mark.parametrize("rules", BOTH)
@pytest.mark.parametrize(
    "special, args, out, expected, right",
    [
        ("are_equivalent", (), "anything", "else", True),
        ("sum_div", (7,), 0, 1, True),
        ("sum_div", (7,), 1, 1, True),
        ("sum_div", (7,), 2, 1, False),
        ("not_none", (), True, True, True),
        ("not_none", (), False, True, False),
        ("not_none", (), "match", True, True),
        ("not_none", (), None, False, True),
        ("not_none", (), None, True, False),
        ("surface_area", (3, 4), 35, 33, True),
        ("surface_area", (3, 4), 33, 33, True),
        ("surface_area", (3, 4), 40, 33, False),
        ("digit_distance", (12, 345), 3 + 3 + 3, 0, True),
        ("digit_distance", (12, 345), 1, 0, False),
        ("set_equal", (), [2, 1, 1], [1, 2], True),
        ("set_equal", (), [1], [1, 2], False),
        ("set_equal", (), 5, [1, 2], False),
    ],
)
def test_special_oracles(rules: str, special: str, args: Any, out: Any, expected: Any, right: bool) -> None:
    assert passes(rules, out, expected, special=special, args=args) is right


def test_an_answer_that_makes_the_comparison_raise_fails() -> None:
    class Angry:
        def __eq__(self, other: object) -> bool:
            raise SystemExit

        __hash__ = None  # type: ignore[assignment]

    assert not passes("0.3", Angry(), 1)
