"""Lists of ints, element by element: functions on numbers and tests of numbers."""

from __future__ import annotations

from assay.forge.ir import INTS, STR, STRS
from assay.forge.operations.families import Mapping, Predicate, maps, selections
from assay.forge.operations.operation import Constant, Operation
from assay.forge.operations.short import (
    ONE,
    TWO,
    ZERO,
    Cond,
    Const,
    Expr,
    abs_,
    add,
    both,
    div,
    eq,
    gt,
    le,
    lt,
    max2,
    min2,
    mod,
    mul,
    ne,
    neg,
    num,
    prim,
    sub,
)

SMALL = Constant((1, 2, 3, 4, 5, 6, 7, 8, 9), param=True)
FACTOR = Constant((2, 3, 4, 5), param=True)
DIVISOR = Constant((2, 3, 4, 5, 6, 7))
LIMIT = Constant((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12), param=True)
ENDING = Constant((0, 1, 2, 3, 4, 5, 6, 7, 8, 9))


def _last_digit(x: Expr) -> Expr:
    return mod(abs_(x), num(10))


MAPPINGS = (
    Mapping(
        "add_each", ("add {0} to each number[ in {x}]", "increase every number[ in {x}] by {0}"), add, (SMALL,), 1.5
    ),
    Mapping(
        "sub_each",
        ("subtract {0} from each number[ in {x}]", "decrease every number[ in {x}] by {0}"),
        sub,
        (SMALL,),
        1.2,
    ),
    Mapping("mul_each", ("multiply each number[ in {x}] by {0}",), mul, (FACTOR,), 1.2),
    Mapping(
        "square_each",
        ("square each number[ in {x}]", "replace every number[ in {x}] by its square"),
        lambda x: mul(x, x),
    ),
    Mapping("negate_each", ("negate each number[ in {x}]", "flip the sign of every number[ in {x}]"), neg),
    Mapping(
        "abs_each",
        ("replace each number[ in {x}] by its absolute value", "take the absolute value of every number[ in {x}]"),
        abs_,
    ),
    Mapping(
        "mod_each",
        (
            "replace each number[ in {x}] by its remainder mod {0} (never negative)",
            "take every number[ in {x}] modulo {0} (as Python's %)",
        ),
        mod,
        (DIVISOR,),
    ),
    Mapping(
        "div_each",
        ("divide each number[ in {x}] by {0}, rounding down", "floor-divide every number[ in {x}] by {0}"),
        div,
        (DIVISOR,),
    ),
    Mapping(
        "cap_each",
        ("lower every number[ in {x}] above {0} to {0}", "cap each number[ in {x}] at {0}"),
        min2,
        (LIMIT,),
    ),
    Mapping(
        "raise_each",
        (
            "raise every number[ in {x}] below {0} to {0}",
            "replace each number[ in {x}] by {0} if it is smaller than {0}",
        ),
        max2,
        (LIMIT,),
    ),
    Mapping(
        "distance_each",
        (
            "replace each number[ in {x}] by its distance from {0}",
            "replace each number x[ in {x}] by the absolute value of x - {0}",
        ),
        lambda x, k: abs_(sub(x, k)),
        (SMALL,),
    ),
    Mapping(
        "flip_each",
        ("subtract each number[ in {x}] from {0}", "replace each number x[ in {x}] by {0} - x"),
        lambda x, k: sub(k, x),
        (SMALL,),
    ),
    Mapping(
        "affine_each",
        ("multiply each number[ in {x}] by {0} and add {1}", "replace each number x[ in {x}] by {0} * x + {1}"),
        lambda x, k, m: add(mul(x, k) if not isinstance(k, Const) else mul(k, x), m),
        (Constant((2, 3, 4, 5)), Constant((1, 2, 3, 4, 5, 6, 7, 8, 9))),
    ),
    Mapping(
        "sign_each",
        ("replace each number[ in {x}] by 1 if it is positive, -1 if negative, else 0",),
        lambda x: Cond(gt(x, ZERO), ONE, Cond(lt(x, ZERO), num(-1), ZERO)),
    ),
    Mapping("last_digit_each", ("replace each number[ in {x}] by the last digit of its absolute value",), _last_digit),
    Mapping(
        "parity_each",
        ("replace even numbers[ in {x}] by 0 and odd ones by 1",),
        lambda x: mod(x, TWO),
        weight=0.5,
    ),
    Mapping(
        "halve_or_triple_each",
        ("halve the even numbers[ in {x}] and multiply the odd ones by {0}",),
        lambda x, k: Cond(eq(mod(x, TWO), ZERO), div(x, TWO), mul(x, k)),
        (Constant((2, 3, 5)),),
    ),
)

PREDICATES = (
    Predicate("even", "even numbers{in}", "even", lambda x: eq(mod(x, TWO), ZERO), weight=1.3),
    Predicate("odd", "odd numbers{in}", "odd", lambda x: ne(mod(x, TWO), ZERO), weight=1.3),
    Predicate("positive", "positive numbers{in}", "positive", lambda x: gt(x, ZERO)),
    Predicate("negative", "negative numbers{in}", "negative", lambda x: lt(x, ZERO), rare=True),
    Predicate("above", "numbers{in} above {0}", "above {0}", gt, (LIMIT,), 1.5),
    Predicate("below", "numbers{in} below {0}", "below {0}", lt, (LIMIT,), 1.5),
    Predicate(
        "multiple",
        "numbers{in} divisible by {0}",
        "divisible by {0}",
        lambda x, k: eq(mod(x, k), ZERO),
        (Constant((3, 4, 5, 6, 7)),),
    ),
    Predicate(
        "not_multiple",
        "numbers{in} not divisible by {0}",
        "not divisible by {0}",
        lambda x, k: ne(mod(x, k), ZERO),
        (Constant((3, 4, 5, 6, 7)),),
        0.6,
    ),
    Predicate(
        "ending",
        "numbers{in} ending in the digit {0}",
        "numbers that end in the digit {0}",
        lambda x, k: eq(_last_digit(x), k),
        (ENDING,),
        0.5,
        rare=True,
    ),
    Predicate(
        "between",
        "numbers{in} from {0} to {1} (inclusive)",
        "from {0} to {1} (inclusive)",
        lambda x, k, m: both(le(k, x), le(x, m)),
        (Constant((-3, 0, 1, 2, 3)), Constant((6, 8, 9, 10, 12))),
        0.7,
    ),
)

OPERATIONS: list[Operation] = [
    *maps(INTS, MAPPINGS),
    *maps(
        INTS,
        (
            Mapping(
                "text_each",
                ("turn each number[ in {x}] into a string", "write every number[ in {x}] as a string"),
                lambda x: prim("to_str", STR, x),
            ),
        ),
        STRS,
    ),
    *selections(INTS, PREDICATES, "number"),
]
