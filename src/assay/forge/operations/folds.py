"""Lists of ints to one value: sums, extremes, differences, counts of neighbours, tests."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, INT, INTS, STR, BestBy, HelperCall, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    FALSE,
    ONE,
    TRUE,
    TWO,
    ZERO,
    Augment,
    Bin,
    Cond,
    Const,
    Each,
    Expr,
    I,
    J,
    Range,
    Var,
    X,
    Y,
    Zip,
    abs_,
    add,
    at,
    both,
    div,
    either,
    ends,
    eq,
    gt,
    inc,
    is_empty,
    last,
    listed,
    loop,
    lt,
    max2,
    min2,
    mod,
    mul,
    ne,
    num,
    prim,
    reduced,
    same,
    set_,
    size,
    some,
    sub,
    upto,
    when,
    whilst,
)

A = Var("a", INTS)


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = INT,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (INTS,), gives, phrases, idioms, constants, weight)


def total_of(f: Callable[..., Expr]) -> Idioms:
    """The sum of f of each number."""

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return reduced("sum", f(X, *k), Each(X, x))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        total = w.new("total", ZERO)
        w.add(loop(Each(X, x), inc(total, f(X, *k))))
        return total

    return {"expr": expr, "loop": by_loop}


def sum_(w: Writer, x: Expr) -> Expr:
    return prim("sum", INT, x)


def sum_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(X, x), inc(total, X)))
    return total


def sum_while(w: Writer, x: Expr) -> Expr:
    total, pos = w.new("total", ZERO), w.new("at", ZERO)
    w.add(whilst(lt(pos, size(x)), inc(total, at(x, pos)), inc(pos)))
    return total


def recursive(names: tuple[str, ...], base: Expr, step: Callable[[Expr, Expr], Expr]) -> Builder:
    """A helper that works on the first number and the rest."""

    def build(w: Writer, x: Expr) -> Expr:
        name = w.helper(
            names,
            (A,),
            INT,
            lambda own: (
                when(is_empty(A), ends(base)),
                ends(step(at(A, ZERO), HelperCall(own, (same("drop", A, ONE),), INT))),
            ),
        )
        return HelperCall(name, (x,), INT)

    return build


def extreme(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return prim(f"{kind}_or", INT, x, ZERO)

    def by_test(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), prim(kind, INT, x), ZERO)

    def by_loop(w: Writer, x: Expr) -> Expr:
        if not w.last:
            return by_test(w, x)
        w.add(when(is_empty(x), ends(ZERO)))
        best = w.new("best", at(x, ZERO))
        w.add(loop(Each(X, x), when((gt if kind == "max" else lt)(X, best), set_(best, X))))
        return best

    return {"expr": expr, "other": by_test, "loop": by_loop}


def guarded(f: Callable[[Expr], Expr], none: Expr = ZERO) -> Idioms:
    """f of the list, or `none` if it is empty."""

    def expr(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), f(x), none)

    def early(w: Writer, x: Expr) -> Expr:
        if not w.last:
            return expr(w, x)
        w.add(when(is_empty(x), ends(none)))
        return f(x)

    return {"expr": expr, "loop": early}


def position_of(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), prim("index", INT, x, prim(kind, INT, x)), num(-1))

    def by_loop(w: Writer, x: Expr) -> Expr:
        pos = w.new("at", num(-1))
        better = gt if kind == "max" else lt
        w.add(loop(upto(size(x)), when(either(eq(pos, num(-1)), better(at(x, I), at(x, pos))), set_(pos, I))))
        return pos

    return {"expr": expr, "loop": by_loop}


def neighbour_count(test: Callable[[Expr, Expr], Expr]) -> Idioms:
    """How many numbers stand in a relation to the one before them."""

    def expr(w: Writer, x: Expr) -> Expr:
        return reduced("sum", ONE, Zip(X, Y, x, same("drop", x, ONE)), test=test(X, Y))

    def by_loop(w: Writer, x: Expr) -> Expr:
        total = w.new("total", ZERO)
        w.add(loop(upto(size(x), ONE), when(test(at(x, sub(I, ONE)), at(x, I)), inc(total))))
        return total

    return {"expr": expr, "loop": by_loop}


def neighbour_best(f: Callable[[Expr, Expr], Expr], kind: str) -> Idioms:
    """The largest f of neighbours, 0 if there are none."""

    def expr(w: Writer, x: Expr) -> Expr:
        return reduced(kind, f(X, Y), Zip(X, Y, x, same("drop", x, ONE)), default=ZERO)

    def by_list(w: Writer, x: Expr) -> Expr:
        b = w.new("list", listed(f(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE))))
        return Cond(some(b), prim(kind, INT, b), ZERO)

    return {"expr": expr, "loop": by_list}


def longest_rise(test: Callable[[Expr, Expr], Expr]) -> Idioms:
    def by_loop(w: Writer, x: Expr) -> Expr:
        best, run = w.new("best", ZERO), w.new("run", ZERO)
        going = both(gt(I, ZERO), test(at(x, sub(I, ONE)), at(x, I)))
        w.add(loop(upto(size(x)), set_(run, Cond(going, add(run, ONE), ONE)), set_(best, max2(best, run))))
        return best

    return {"expr": by_loop}


def best_segment(w: Writer, x: Expr) -> Expr:
    best, run = w.new("best", ZERO), w.new("run", ZERO)
    w.add(loop(Each(X, x), set_(run, max2(add(run, X), ZERO)), set_(best, max2(best, run))))
    return best


def best_segment_if(w: Writer, x: Expr) -> Expr:
    best, run = w.new("best", ZERO), w.new("run", ZERO)
    w.add(
        loop(
            Each(X, x),
            inc(run, X),
            when(lt(run, ZERO), set_(run, ZERO)),
            when(gt(run, best), set_(best, run)),
        )
    )
    return best


def alternating(w: Writer, x: Expr) -> Expr:
    return sub(prim("sum", INT, same("every", x, ZERO, TWO)), prim("sum", INT, same("every", x, ONE, TWO)))


def alternating_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(
        loop(
            upto(size(x)),
            when(eq(mod(I, TWO), ZERO), inc(total, at(x, I)), other=(Augment(total.name, "-", at(x, I)),)),
        )
    )
    return total


def product_mod(w: Writer, x: Expr, k: Expr) -> Expr:
    total = w.new("total", ONE)
    w.add(loop(Each(X, x), set_(total, mod(mul(total, X), k))))
    return total


def second_largest(w: Writer, x: Expr) -> Expr:
    b = w.new("list", same("sorted", same("distinct", x)))
    return Cond(gt(size(b), ONE), at(b, sub(size(b), TWO)), ZERO)


def second_largest_desc(w: Writer, x: Expr) -> Expr:
    b = w.new("list", same("sorted_desc", same("distinct", x)))
    return Cond(gt(size(b), ONE), at(b, ONE), ZERO)


def median_low(w: Writer, x: Expr) -> Expr:
    return Cond(some(x), at(same("sorted", x), div(sub(size(x), ONE), TWO)), ZERO)


def median_low_steps(w: Writer, x: Expr) -> Expr:
    b = w.new("list", same("sorted", x))
    return Cond(some(b), at(b, div(sub(size(b), ONE), TWO)), ZERO)


def pairs(test: Callable[..., Expr]) -> Idioms:
    """How many pairs of positions i < j pass a test."""

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        inner = Range(J, add(I, ONE), size(x))
        return reduced("sum", ONE, upto(size(x)), inner, test=test(at(x, I), at(x, J), *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        total = w.new("total", ZERO)
        inside = when(test(at(x, I), at(x, J), *k), inc(total))
        w.add(loop(upto(size(x)), loop(Range(J, add(I, ONE), size(x)), inside)))
        return total

    return {"expr": expr, "loop": by_loop}


def all_neighbours(test: Callable[[Expr, Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return reduced("all", test(X, Y), Zip(X, Y, x, same("drop", x, ONE)))

    def by_loop(w: Writer, x: Expr) -> Expr | None:
        if not w.last:
            return expr(w, x)
        from assay.forge.operations.families import negated

        bad = negated(test(at(x, I), at(x, add(I, ONE))))
        w.add(loop(upto(sub(size(x), ONE)), when(bad, ends(FALSE))), ends(TRUE))
        return None

    return {"expr": expr, "loop": by_loop}


def gcd_all(w: Writer, x: Expr) -> Expr:
    total, other = w.new("total", ZERO), w.fresh("int", INT)
    rest = w.fresh("rest", INT)
    from assay.forge.ir import Assign

    w.add(
        loop(
            Each(X, x),
            Assign(other.name, abs_(X)),
            whilst(
                ne(other, ZERO),
                Assign(rest.name, mod(total, other)),
                set_(total, other),
                set_(other, rest),
            ),
        )
    )
    return total


def balance(w: Writer, x: Expr) -> Expr:
    return sub(reduced("sum", ONE, Each(X, x), test=gt(X, ZERO)), reduced("sum", ONE, Each(X, x), test=lt(X, ZERO)))


def balance_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(X, x), when(gt(X, ZERO), inc(total)), when(lt(X, ZERO), Augment(total.name, "-", ONE))))
    return total


def first_missing(w: Writer, x: Expr) -> Expr:
    m = w.new("int", ONE)
    w.add(whilst(prim("contains", BOOL, x, m), inc(m)))
    return m


def first_repeat(w: Writer, x: Expr) -> Expr:
    best = w.new("best", num(-1))
    from assay.forge.ir import Break

    w.add(
        loop(
            upto(size(x)),
            when(prim("contains", BOOL, same("take", x, I), at(x, I)), set_(best, at(x, I)), Break()),
        )
    )
    return best


def polynomial(w: Writer, x: Expr, k: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(X, x), set_(total, mod(add(mul(total, num(10)), X), k))))
    return total


def until_sum(w: Writer, x: Expr, k: Expr) -> Expr:
    pos, total = w.new("at", ZERO), w.new("total", ZERO)
    w.add(whilst(both(lt(pos, size(x)), Bin("<=", total, k)), inc(total, at(x, pos)), inc(pos)))
    return Cond(gt(total, k), pos, num(-1))


def majority(w: Writer, x: Expr) -> Expr:
    return reduced("any", gt(mul(prim("count", INT, x, X), TWO), size(x)), Each(X, x))


def joined(sep: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        texts = Comp_list(x)
        return prim("join", STR, Const(sep), texts)

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", EMPTY)
        if sep:
            w.add(
                loop(
                    Each(X, x),
                    when(some(out), Augment(out.name, "+", Const(sep))),
                    Augment(out.name, "+", prim("to_str", STR, X)),
                )
            )
        else:
            w.add(loop(Each(X, x), Augment(out.name, "+", prim("to_str", STR, X))))
        return out

    return {"expr": expr, "loop": by_loop}


def Comp_list(x: Expr) -> Expr:
    return listed(prim("to_str", STR, X), Each(X, x))


OPERATIONS: list[Operation] = [
    op(
        "sum",
        ("the sum[ of {x}]", "the sum of all numbers[ in {x}]", "the total of the numbers[ in {x}]"),
        2.0,
        expr=sum_,
        loop=sum_loop,
        other=sum_while,
        helper=recursive(("add_up", "total_of"), ZERO, add),
    ),
    op(
        "max",
        (
            "the largest number[ in {x}] (0 if there is none)",
            "the maximum[ of {x}], or 0 if there are no numbers",
            "the maximum[ of {x}] (0 if none)",
        ),
        1.5,
        **extreme("max"),
    ),
    op(
        "min",
        (
            "the smallest number[ in {x}] (0 if there is none)",
            "the minimum[ of {x}], or 0 if there are no numbers",
            "the minimum[ of {x}] (0 if none)",
        ),
        1.5,
        **extreme("min"),
    ),
    op(
        "range",
        (
            "the largest minus the smallest number[ in {x}] (0 if there is none)",
            "the difference between the largest and the smallest number[ in {x}], or 0 if there are no numbers",
        ),
        1.0,
        **guarded(lambda a: sub(prim("max", INT, a), prim("min", INT, a))),
    ),
    op(
        "extremes_sum",
        ("the sum of the largest and the smallest number[ in {x}] (0 if there is none)",),
        0.7,
        **guarded(lambda a: add(prim("max", INT, a), prim("min", INT, a))),
    ),
    op(
        "mean",
        (
            "the average[ of {x}], rounded down (0 if there are no numbers)",
            "the floor of the mean[ of {x}] (0 if none)",
        ),
        1.0,
        **guarded(lambda a: div(prim("sum", INT, a), size(a))),
    ),
    op(
        "median",
        ("the median[ of {x}], the lower one of two (0 if there are no numbers)",),
        0.7,
        expr=median_low,
        loop=median_low_steps,
    ),
    op(
        "second_largest",
        ("the second largest of the different numbers[ in {x}] (0 if there are fewer than two)",),
        0.8,
        expr=second_largest,
        loop=second_largest_desc,
    ),
    op(
        "sum_squares",
        ("the sum of the squares of the numbers[ in {x}]",),
        0.9,
        **total_of(lambda v: mul(v, v)),
        helper=recursive(("squares_of",), ZERO, lambda head, rest: add(mul(head, head), rest)),
    ),
    op("sum_abs", ("the sum of the absolute values of the numbers[ in {x}]",), 0.8, **total_of(abs_)),
    op(
        "sum_capped",
        ("the sum of the numbers[ in {x}], counting those above {0} as {0}",),
        0.5,
        (Constant((3, 5, 8, 10)),),
        **total_of(min2),
    ),
    op(
        "sum_distance",
        ("the sum of the distances of the numbers[ in {x}] from {0}",),
        0.6,
        (Constant((1, 2, 3, 5, 10), param=True),),
        **total_of(lambda v, k: abs_(sub(v, k))),
    ),
    op(
        "sum_mod",
        ("the sum of the remainders mod {0} (as Python's %) of the numbers[ in {x}]",),
        0.6,
        (Constant((2, 3, 4, 5, 7)),),
        **total_of(mod),
    ),
    op(
        "alternating_sum",
        (
            "the alternating sum[ of {x}]: first minus second plus third and so on",
            "the sum of the numbers[ in {x}] at even positions (from 0) minus the sum of the others",
        ),
        0.8,
        expr=alternating,
        loop=alternating_loop,
    ),
    op(
        "weighted_sum",
        ("the sum of each number[ in {x}] times its position, counting from 1",),
        0.7,
        expr=lambda w, x: reduced("sum", mul(at(x, I), add(I, ONE)), upto(size(x))),
        loop=lambda w, x: _weighted_loop(w, x),
    ),
    op(
        "product_mod",
        ("the product of the numbers[ in {x}] modulo {0} (1 if there are none, as Python's %)",),
        0.6,
        (Constant((7, 10, 11, 13)),),
        expr=product_mod,
    ),
    op(
        "number_mod",
        (
            "the remainder mod {0} (as Python's %) of the number you get when you start with 0 and, for each number[ in {x}], multiply by 10 and add it",
        ),
        0.3,
        (Constant((7, 9, 11, 13)),),
        expr=polynomial,
    ),
    op(
        "first",
        (
            "the first number[ in {x}] (0 if there is none)",
            "the first number[ in {x}] (0 if none)",
        ),
        0.9,
        **guarded(lambda a: at(a, ZERO)),
    ),
    op(
        "last",
        (
            "the last number[ in {x}] (0 if there is none)",
            "the last number[ in {x}] (0 if none)",
        ),
        0.9,
        **guarded(last),
    ),
    op(
        "ends_sum",
        ("the sum of the first and the last number[ in {x}] (0 if there is none)",),
        0.7,
        **guarded(lambda a: add(at(a, ZERO), last(a))),
    ),
    op(
        "ends_difference",
        ("the last number[ in {x}] minus the first (0 if there is none)",),
        0.6,
        **guarded(lambda a: sub(last(a), at(a, ZERO))),
    ),
    op(
        "middle",
        ("the number in the middle of {x}, at position length // 2 (0 if it is empty)",),
        0.6,
        **guarded(lambda a: at(a, div(size(a), TWO))),
    ),
    op(
        "item",
        ("the number at position {0} (from 0)[ of {x}], or 0 if there is none",),
        0.7,
        (Constant((0, 1, 2, 3, 4)),),
        expr=lambda w, x, k: Cond(gt(size(x), k), at(x, k), ZERO),
    ),
    op(
        "argmax",
        ("the position (from 0) of the largest number[ in {x}], the first if tied (-1 if there is none)",),
        0.8,
        **position_of("max"),
    ),
    op(
        "argmin",
        ("the position (from 0) of the smallest number[ in {x}], the first if tied (-1 if there is none)",),
        0.7,
        **position_of("min"),
    ),
    op(
        "nearest",
        ("the number[ in {x}] nearest to {0}, the first if tied (0 if there is none)",),
        0.8,
        (Constant((1, 2, 3, 5, 7, 10), param=True),),
        expr=lambda w, x, k: Cond(some(x), BestBy("min", x, X, abs_(sub(X, k))), ZERO),
    ),
    op(
        "largest_abs",
        ("the number[ in {x}] with the largest absolute value, the first if tied (0 if there is none)",),
        0.7,
        expr=lambda w, x: Cond(some(x), BestBy("max", x, X, abs_(X)), ZERO),
    ),
    op(
        "count_max",
        ("how often the largest number[ in {x}] occurs (0 if there is none)",),
        0.7,
        **guarded(lambda a: prim("count", INT, a, prim("max", INT, a))),
    ),
    op(
        "count_rises",
        (
            "how many numbers[ in {x}] are larger than the one just before them",
            "the number of times a number[ in {x}] is followed directly by a larger one",
        ),
        0.9,
        **neighbour_count(lambda one, two: gt(two, one)),
    ),
    op(
        "count_falls",
        ("how many numbers[ in {x}] are smaller than the one just before them",),
        0.7,
        **neighbour_count(lambda one, two: lt(two, one)),
    ),
    op(
        "count_sign_changes",
        ("how many neighbouring pairs[ in {x}] have a negative product",),
        0.5,
        **neighbour_count(lambda one, two: lt(mul(one, two), ZERO)),
    ),
    op(
        "largest_gap",
        ("the largest absolute difference between neighbours[ in {x}] (0 if there are none)",),
        0.8,
        **neighbour_best(lambda one, two: abs_(sub(two, one)), "max"),
    ),
    op(
        "smallest_gap",
        ("the smallest absolute difference between neighbours[ in {x}] (0 if there are none)",),
        0.6,
        **neighbour_best(lambda one, two: abs_(sub(two, one)), "min"),
    ),
    op(
        "best_pair_sum",
        ("the largest sum of two neighbours[ in {x}] (0 if there are none)",),
        0.7,
        **neighbour_best(add, "max"),
    ),
    op(
        "best_pair_product",
        ("the largest product of two neighbours[ in {x}] (0 if there are none)",),
        0.6,
        **neighbour_best(mul, "max"),
    ),
    op(
        "longest_rise",
        (
            "the length of the longest run of neighbours[ in {x}] in which each is larger than the one before (0 if {x} is empty)",
        ),
        0.6,
        **longest_rise(lt),
    ),
    op(
        "longest_climb",
        (
            "the length of the longest run of neighbours[ in {x}] in which none is smaller than the one before (0 if {x} is empty)",
        ),
        0.4,
        **longest_rise(lambda one, two: Bin("<=", one, two)),
    ),
    op(
        "best_segment",
        (
            "the largest sum of a run of neighbours[ in {x}], 0 if all sums are negative",
            "the maximum subarray sum[ of {x}], where the empty run counts as 0",
        ),
        0.7,
        expr=best_segment,
        loop=best_segment_if,
    ),
    op(
        "count_pairs",
        (
            "the number of pairs[ in {x}] that sum to {0}, each two positions counted once",
            "how many pairs of positions[ in {x}] hold numbers whose sum is {0}",
        ),
        0.7,
        (Constant((5, 7, 8, 10, 12)),),
        **pairs(lambda one, two, k: eq(add(one, two), k)),
    ),
    op(
        "count_equal_pairs",
        ("the number of pairs of positions[ in {x}] that hold equal numbers, each pair counted once",),
        0.5,
        **pairs(eq),
    ),
    op(
        "inversions",
        ("the number of inversions[ in {x}] (pairs where the earlier number is larger)",),
        0.6,
        **pairs(gt),
    ),
    op("gcd", ("the greatest common divisor of the numbers[ in {x}] (0 if there are none)",), 0.5, expr=gcd_all),
    op(
        "balance",
        ("the number of positive minus the number of negative numbers[ in {x}]",),
        0.6,
        expr=balance,
        loop=balance_loop,
    ),
    op("first_missing", ("the smallest positive number that is not in {x}",), 0.6, expr=first_missing),
    op(
        "first_repeat",
        ("the first number[ in {x}] that occurred before (-1 if there is none)",),
        0.5,
        expr=first_repeat,
    ),
    op(
        "until_sum",
        ("how many numbers from the start[ of {x}] it takes until their sum exceeds {0} (-1 if it never does)",),
        0.6,
        (Constant((5, 10, 15, 20)),),
        expr=until_sum,
    ),
    op(
        "strictly_rising",
        ("whether each number[ in {x}] is larger than the one before it",),
        0.3,
        (),
        BOOL,
        **all_neighbours(lt),
    ),
    op(
        "alternates_parity",
        ("whether neighbours[ in {x}] are never both even or both odd",),
        0.2,
        (),
        BOOL,
        **all_neighbours(lambda one, two: ne(mod(one, TWO), mod(two, TWO))),
    ),
    op("has_majority", ("whether some number makes up more than half[ of {x}]",), 0.2, (), BOOL, expr=majority),
    op(
        "has_pair",
        ("whether two numbers at different positions[ in {x}] sum to {0}",),
        0.4,
        (Constant((5, 7, 8, 10, 12)),),
        BOOL,
        expr=lambda w, x, k: reduced("any", eq(add(at(x, I), at(x, J)), k), upto(size(x)), upto(I, ZERO, J)),
    ),
    op(
        "sum_is_even",
        ("whether the sum[ of {x}] is even",),
        0.2,
        (),
        BOOL,
        expr=lambda w, x: eq(mod(prim("sum", INT, x), TWO), ZERO),
    ),
    op(
        "join_digits",
        ("write the numbers[ in {x}] one after the other as one string, nothing between",),
        0.6,
        (),
        STR,
        **joined(""),
    ),
    op("join_commas", ('join the numbers[ in {x}] into one string with "," between',), 0.8, (), STR, **joined(",")),
    op("join_dashes", ('join the numbers[ in {x}] into one string with "-" between',), 0.5, (), STR, **joined("-")),
]


def _weighted_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(upto(size(x)), inc(total, mul(at(x, I), add(I, ONE)))))
    return total


__all__ = ["OPERATIONS"]
