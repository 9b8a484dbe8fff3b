"""When an answer counts as equal to the reference's: the rules of EvalPlus 0.2 and 0.3.

Source: evalplus/evalplus, `evalplus/eval/__init__.py` (unsafe_execute) and `_special_oracle.py`, releases 0.2.1 and
0.3.1, with numpy's allclose written out for plain data. The text of this file is also run inside the jail, where
`official` rules compare; it must import nothing but the standard library.
"""

import math
from collections.abc import Callable
from typing import Any

RTOL = 1e-07
SPECIAL = ("", "find_zero", "are_equivalent", "sum_div", "not_none", "surface_area", "digit_distance", "set_equal")


def is_floats(x: Any, rules: str) -> bool:
    """Whether upstream then compares with a tolerance: a float, or a list or tuple of nothing but floats."""
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)) and (x or rules == "0.2"):
        return all(isinstance(i, float) for i in x)
    return False


def _close(a: Any, b: Any, atol: float) -> bool:
    """numpy.allclose(a, b, rtol=RTOL, atol=atol) for numbers and nested lists of them; TypeError for anything else."""
    _shape(a)
    _shape(b)
    return _all_close(a, b, atol)


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of a number or of nested rows of numbers. TypeError for anything else, ValueError for ragged rows."""
    if isinstance(value, (list, tuple)):
        shapes = {_shape(item) for item in value}
        if len(shapes) > 1:
            raise ValueError("rows of different lengths")
        return (len(value), *(shapes.pop() if shapes else ()))
    if not isinstance(value, (bool, int, float, complex)):
        raise TypeError("not a number")
    return ()


def _all_close(a: Any, b: Any, atol: float) -> bool:
    a_is_row, b_is_row = isinstance(a, (list, tuple)), isinstance(b, (list, tuple))
    if a_is_row and b_is_row:
        if len(a) != len(b):  # numpy stretches a row of one, even to a row of none
            if len(a) == 1:
                a = list(a) * len(b)
            elif len(b) == 1:
                b = list(b) * len(a)
            else:
                raise ValueError("shapes do not match")
        return all(_all_close(x, y, atol) for x, y in zip(a, b, strict=True))
    if a_is_row:
        return all(_all_close(x, b, atol) for x in a)
    if b_is_row:
        return all(_all_close(a, y, atol) for y in b)
    return bool(a == b or (math.isfinite(abs(b)) and abs(a - b) <= atol + RTOL * abs(b)))


def poly(xs: Any, x: Any) -> float:
    """xs[0] + xs[1] * x + xs[2] * x^2 + ... (HumanEval/32)"""
    return float(sum(coefficient * math.pow(x, i) for i, coefficient in enumerate(xs)))


def _surface_area(base_edge: float, height: float) -> int:
    slant = math.sqrt((base_edge / 2) ** 2 + height**2)
    return round(base_edge**2 + 4 * (base_edge * slant) / 2)


def _digit_distance(num1: int, num2: int) -> int:
    a, b = str(num1), str(num2)
    width = max(len(a), len(b))
    return sum(abs(int(x) - int(y)) for x, y in zip(a.zfill(width), b.zfill(width), strict=True))


class Comparison:
    """Compares the answers of one candidate to one input set, in input order.

    oracle: (rules, special, stored tolerance). expected: index -> the reference's answer; asked only where needed,
    since most answers are recognised by their encoding alone.
    """

    def __init__(self, oracle: tuple[str, str, float], expected: Callable[[int], Any]) -> None:
        self.rules, self.special, self.stored = oracle
        self.expected = expected
        self.atol = self.stored
        self.seen = 0

    def tolerance(self, index: int) -> float:
        """The tolerance in force at an input: raised by the first float that is expected, it stays for the rest."""
        while self.atol == 0 and self.seen <= index:
            if is_floats(self.expected(self.seen), self.rules):
                self.atol = 1e-6
            self.seen += 1
        return self.atol

    def passes(self, index: int, args: Any, out: Any) -> bool:
        """Whether an answer passes. What upstream's comparison would raise counts as a failure, there too."""
        try:
            expected, atol = self.expected(index), self.tolerance(index)
            return equal(self.rules, self.special, self.stored, atol, args, out, expected)
        except BaseException:
            return False


def equal(rules: str, special: str, stored_atol: float, atol: float, args: Any, out: Any, expected: Any) -> bool:
    """Whether `out` passes. atol is the tolerance in force (see Comparison), stored_atol the row's own.

    May raise what upstream's comparison would raise, which there counts as a failure.
    """
    if special == "find_zero":
        value = poly(args[0], out)
        if rules == "0.3":
            return bool(abs(value) <= stored_atol)
        if not value <= stored_atol:
            return False
    exact = out == expected
    if special == "are_equivalent":
        exact = True
    elif special == "sum_div":
        exact = exact or out == 0
    elif special == "not_none":
        exact = out == expected if isinstance(out, bool) else expected == (out is not None)
    elif special == "surface_area":
        exact = exact or abs(out - _surface_area(*args)) <= stored_atol
    elif special == "digit_distance":
        exact = exact or out == _digit_distance(*args)
    elif special == "set_equal":
        exact = set(out) == set(expected)
    if exact or atol == 0:
        return bool(exact)
    if rules == "0.3":
        if type(out) is not type(expected):
            return False
        if isinstance(expected, (list, tuple)) and len(out) != len(expected):
            return False
    return _close(out, expected, atol)
