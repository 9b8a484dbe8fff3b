"""When what a program wrote counts as what was expected: four named rules. None of them ever fails on any text.

exact     the same text.
tokens    The same words, however they are spaced: integers must be the same integers ("007" is 7, "7.0" is not),
          real numbers may differ by a tolerance, absolute or relative, and "yes" and "no" may be in any case.
lines     As ByteDance's SandboxFusion compares CodeContests (`sandbox/utils/testing.py`): the same number of lines
          after stripping; each stripped line the same but for case, or both numbers that differ by less than 1e-5 of
          the expected one.
decimals  As LiveCodeBench compares (`lcb_runner/evaluation/testing_util.py`): the same number of lines after
          stripping; each stripped line the same, or the same numbers exactly, so that 1.0 is 1 and 0.33333 is not 1/3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

_INTEGER = re.compile(r"([+-]?)0*([0-9]+)", re.ASCII)
_REAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
# Longer words are no numbers that anyone printed, and reading them takes time.
_LONGEST_NUMBER = 1000
_ANY_CASE = frozenset(("yes", "no"))


@dataclass(frozen=True)
class OutputRule:
    """name: a key of RULES. tolerance: for real numbers, under the rule "tokens"."""

    name: str
    tolerance: float = 1e-6

    def __post_init__(self) -> None:
        if self.name not in RULES:
            raise ValueError(f"there is no output rule {self.name!r}; known are {', '.join(RULES)}")

    def difference(self, got: str, expected: str) -> Difference | None:
        """The first place where an output is wrong, None where it is right."""
        return None if got == expected else RULES[self.name](got, expected, self.tolerance)


@dataclass(frozen=True)
class Difference:
    """where: "line 3" or "word 7", counted from 1. None stands for the end of the output."""

    where: str
    expected: str | None
    got: str | None


def _exact(got: str, expected: str, _tolerance: float) -> Difference | None:
    lines = zip_longest(got.split("\n"), expected.split("\n"))
    return next((Difference(f"line {n}", e, g) for n, (g, e) in enumerate(lines, 1) if g != e), None)


def _tokens(got: str, expected: str, tolerance: float) -> Difference | None:
    ours, theirs = got.split(), expected.split()
    if ours == theirs:
        return None
    for number, (g, e) in enumerate(zip_longest(ours, theirs), 1):
        if g != e and (g is None or e is None or not _same_word(g, e, tolerance)):
            return Difference(f"word {number}", e, g)
    return None


def _same_word(got: str, expected: str, tolerance: float) -> bool:
    if max(len(got), len(expected)) > _LONGEST_NUMBER:
        return False
    integer = _INTEGER.fullmatch(expected)
    if integer:
        ours = _INTEGER.fullmatch(got)
        return ours is not None and _value(ours) == _value(integer)
    if _REAL.fullmatch(expected):
        if math.isinf(float(expected)):
            return got == expected  # more than a float holds; any tolerance of it would take every number
        return bool(_REAL.fullmatch(got)) and _close(float(got), float(expected), tolerance)
    return expected.lower() in _ANY_CASE and got.lower() == expected.lower()


def _value(integer: re.Match[str]) -> tuple[bool, str]:
    sign, digits = integer.groups()
    return sign == "-" and digits != "0", digits


def _close(got: float, expected: float, tolerance: float) -> bool:
    return got == expected or abs(got - expected) <= tolerance * max(1.0, abs(expected))


def _lines(got: str, expected: str, _tolerance: float) -> Difference | None:
    return _by_line(got, expected, lambda g, e: g.lower() == e.lower() or _relatively_close(g, e))


def _relatively_close(got: str, expected: str) -> bool:
    if max(len(got), len(expected)) > _LONGEST_NUMBER:
        return False
    try:
        a, b = float(got), float(expected)
    except ValueError:
        return False
    return abs(a - b) / max(abs(b), 1e-10) < 1e-5


def _decimals(got: str, expected: str, _tolerance: float) -> Difference | None:
    return _by_line(got, expected, lambda g, e: g == e or _equal_numbers(g, e))


def _equal_numbers(got: str, expected: str) -> bool:
    try:
        return [Decimal(word) for word in got.split()] == [Decimal(word) for word in expected.split()]
    except InvalidOperation:
        return False


def _by_line(got: str, expected: str, same: Callable[[str, str], bool]) -> Difference | None:
    ours = [line.strip() for line in got.strip().split("\n")]
    theirs = [line.strip() for line in expected.strip().split("\n")]
    for number, (g, e) in enumerate(zip_longest(ours, theirs), 1):
        if g is None or e is None or not same(g, e):
            return Difference(f"line {number}", e, g)
    return None


Rule = Callable[[str, str, float], Difference | None]
RULES: dict[str, Rule] = {"exact": _exact, "tokens": _tokens, "lines": _lines, "decimals": _decimals}
