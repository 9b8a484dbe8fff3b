"""When an answer counts as equal to the reference's: the rules of EvalPlus 0.2 and 0.3.

Source: evalplus/evalplus, `evalplus/eval/__init__.py` (unsafe_execute) and `_special_oracle.py`, releases 0.2.1 and
0.3.1, with numpy's allclose written out for plain data. The text of this file is also run inside the jail, where
`official` rules compare; it must import nothing but the standard library.
"""

import math

RTOL = 1e-07
SPECIAL = ("", "find_zero", "are_equivalent", "sum_div", "not_none", "surface_area", "digit_distance", "set_equal")


def is_floats(x, rules):
    """Whether upstream then compares with a tolerance: a float, or a list or tuple of nothing but floats."""
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)) and (x or rules == "0.2"):
        return all(isinstance(i, float) for i in x)
    return False


def _close(a, b, atol):
    if isinstance(a, (list, tuple)) or isinstance(b, (list, tuple)):
        rows_a = a if isinstance(a, (list, tuple)) else None
        rows_b = b if isinstance(b, (list, tuple)) else None
        if rows_a is None:
            return all(_close(a, y, atol) for y in rows_b)
        if rows_b is None:
            return all(_close(x, b, atol) for x in rows_a)
        if len(rows_a) != len(rows_b):  # numpy stretches a row of one
            if len(rows_a) == 1:
                rows_a = list(rows_a) * len(rows_b)
            elif len(rows_b) == 1:
                rows_b = list(rows_b) * len(rows_a)
            else:
                raise ValueError("shapes do not match")
        return all(_close(x, y, atol) for x, y in zip(rows_a, rows_b))
    for value in (a, b):
        if not isinstance(value, (bool, int, float, complex)):
            raise TypeError("not a number")
    if a == b:
        return True
    difference, bound = abs(a - b), atol + RTOL * abs(b)
    return math.isfinite(abs(b)) and difference <= bound


def poly(xs, x):
    """xs[0] + xs[1] * x + xs[2] * x^2 + ... (HumanEval/32)"""
    return sum(coefficient * math.pow(x, i) for i, coefficient in enumerate(xs))


def _surface_area(base_edge, height):
    slant = math.sqrt((base_edge / 2) ** 2 + height**2)
    return round(base_edge**2 + 4 * (base_edge * slant) / 2)


def _digit_distance(num1, num2):
    a, b = str(num1), str(num2)
    width = max(len(a), len(b))
    return sum(abs(int(x) - int(y)) for x, y in zip(a.zfill(width), b.zfill(width)))


def tolerances(expected, rules, atol):
    """The tolerance in force at each input: once raised by a float it stays for the rest of the task."""
    result = []
    for value in expected:
        if atol == 0 and is_floats(value, rules):
            atol = 1e-6
        result.append(atol)
    return result


def equal(rules, special, stored_atol, atol, args, out, expected):
    """Whether `out` passes. atol is the tolerance in force (see `tolerances`), stored_atol the row's own.

    May raise what upstream's comparison would raise, which there counts as a failure.
    """
    if special == "find_zero":
        value = poly(args[0], out)
        if rules == "0.3":
            return abs(value) <= stored_atol
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


def comparison(oracle, expected):
    """For use inside the jail: (index, args, out) -> bool for one task. Tolerances are worked out beforehand."""
    rules, special, stored_atol = oracle
    in_force = tolerances(expected, rules, stored_atol)

    def passes(index, args, out):
        return equal(rules, special, stored_atol, in_force[index], args, out, expected[index])

    return passes
