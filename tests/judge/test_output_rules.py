"""Which outputs each rule takes for the expected one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.judge.output_rules import RULES, Difference, OutputRule


@pytest.mark.parametrize(
    ("rule", "expected", "got", "same"),
    [
        ("exact", "a b\n", "a b\n", True),
        ("exact", "a b\n", "a b", False),
        ("tokens", "1 2\n3\n", "1\n2   3", True),
        ("tokens", "1 2 3", "1 2", False),
        ("tokens", "1 2", "1 2 3", False),
        ("tokens", "", " \n\t", True),
        ("tokens", "7", "007", True),
        ("tokens", "7", "+7", True),
        ("tokens", "0", "-0", True),
        ("tokens", "7", "7.0", False),
        ("tokens", "7", "-7", False),
        ("tokens", "99999999999999999999", "99999999999999999998", False),
        ("tokens", "0.5", "0.5000001", True),
        ("tokens", "0.5", ".5", True),
        ("tokens", "0.5", "0.51", False),
        ("tokens", "1e18", "1000000000000000001", True),
        ("tokens", "2.0", "2", True),
        ("tokens", "0.5", "nan", False),
        ("tokens", "0.5", "inf", False),
        ("tokens", "1e400", "7", False),
        ("tokens", "-1e400", "1e400", False),
        ("tokens", "1e400", "1e400", True),
        ("tokens", "7.5", "1e400", False),
        ("tokens", "YES", "yes", True),
        ("tokens", "yes", "no", False),
        ("tokens", "Alice", "alice", False),
        ("tokens", "1_000", "1000", False),
        ("lines", "YES\nAlice\n", "yes\n  alice ", True),
        ("lines", "1 2\n3", "1 2 3", False),
        ("lines", "1  2", "1 2", False),
        ("lines", "0.5", "0.500001", True),
        ("lines", "0.5", "0.50001", False),
        ("lines", "100000000", "100000001", True),
        ("lines", "1 0.5", "1 0.500001", False),
        ("lines", "nan", "0", False),
        ("lines", "", "\n\n", True),
        ("decimals", "1.0 2", "1 2.00", True),
        ("decimals", "0.5", "0.500001", False),
        ("decimals", "50000000000000000", "50000000000000001", False),
        ("decimals", "a 1.0", "a 1", False),
        ("decimals", "Yes", "YES", False),
        ("decimals", "1\n2", "1 2", False),
        ("decimals", "nan 1.0", "nan 1", False),
    ],
)
def test_what_counts_as_the_same(rule: str, expected: str, got: str, same: bool) -> None:
    assert (OutputRule(rule).difference(got, expected) is None) is same


def test_the_first_difference_is_named() -> None:
    assert OutputRule("tokens").difference("1 2 x", "1 2 3") == Difference("word 3", "3", "x")
    assert OutputRule("tokens").difference("1", "1 2") == Difference("word 2", "2", None)
    assert OutputRule("lines").difference("1\n2\n3", "1\n2") == Difference("line 3", None, "3")
    assert OutputRule("exact").difference("1\n2\n", "1\n3\n") == Difference("line 2", "3", "2")


def test_the_tolerance_can_be_chosen() -> None:
    assert OutputRule("tokens", tolerance=0.1).difference("0.55", "0.5") is None
    assert OutputRule("tokens", tolerance=0.01).difference("0.55", "0.5") is not None


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no output rule 'fuzzy'; known are exact, tokens, lines, decimals"):
        OutputRule("fuzzy")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "got", ["9" * 5_000_000, "1e999999999 " * 1000, "." * 1_000_000, "1E+999999999999999999", "sNaN", "\0", "\ud800"]
)
def test_no_output_makes_a_rule_fail_or_take_long(rule: str, got: str) -> None:
    begun = time.process_time()
    assert OutputRule(rule).difference(got, "1") is not None
    assert OutputRule(rule).difference(got, "0.5\n" * 1000) is not None
    assert time.process_time() - begun < 20.0


@pytest.mark.parametrize("rule", RULES)
@given(text=st.text())
def test_every_rule_accepts_the_expected_text_itself(rule: str, text: str) -> None:
    assert OutputRule(rule).difference(text, text) is None


@given(got=st.text(), expected=st.text())
def test_a_rule_answers_for_any_two_texts(got: str, expected: str) -> None:
    for rule in RULES:
        OutputRule(rule).difference(got, expected)
