"""Lists of lists of ints."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import INT, INTS, ROWS, BestBy, SortBy, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    ONE,
    ZERO,
    Cond,
    Each,
    Enumerate,
    Expr,
    I,
    ListOf,
    R,
    X,
    add,
    at,
    eq,
    gt,
    inc,
    is_empty,
    last,
    le,
    listed,
    loop,
    lt,
    mul,
    prim,
    push,
    reduced,
    same,
    set_,
    size,
    some,
    upto,
    when,
)

NONE = ListOf((), INTS)


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = ROWS,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (ROWS,), gives, phrases, idioms, constants, weight)


def each_row(f: Callable[..., Expr], test: Callable[..., Expr] | None = None) -> Idioms:
    """f of each row, or of those that pass."""

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return listed(f(R, *k), Each(R, x), test=test(R, *k) if test else None)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        value = f(R, *k)
        out = w.new("out", ListOf((), INTS if value.type == INT else ROWS))
        put = push(out, value)
        w.add(loop(Each(R, x), when(test(R, *k), put) if test else put))
        return out

    return {"expr": expr, "loop": by_loop}


def kept(test: Callable[..., Expr]) -> Idioms:
    return each_row(lambda r, *k: r, test)


def flatten(w: Writer, x: Expr) -> Expr:
    return listed(X, Each(R, x), Each(X, R))


def flatten_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(R, x), loop(Each(X, R), push(out, X))))
    return out


def flatten_add(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(R, x), set_(out, add(out, R))))
    return out


def total(w: Writer, x: Expr) -> Expr:
    return reduced("sum", prim("sum", INT, R), Each(R, x))


def total_loop(w: Writer, x: Expr) -> Expr:
    t = w.new("total", ZERO)
    w.add(loop(Each(R, x), loop(Each(X, R), inc(t, X))))
    return t


def column(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(at(R, k), Each(R, x), test=gt(size(R), k))


def column_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(R, x), when(gt(size(R), k), push(out, at(R, k)))))
    return out


def diagonal(w: Writer, x: Expr) -> Expr:
    return listed(at(R, I), Enumerate(I, R, x), test=gt(size(R), I))


def transpose(w: Writer, x: Expr) -> Expr:
    m = w.new("int", reduced("min", size(R), Each(R, x), default=ZERO))
    return listed(listed(at(R, I), Each(R, x)), upto(m))


def column_sums(w: Writer, x: Expr) -> Expr:
    m = w.new("int", reduced("max", size(R), Each(R, x), default=ZERO))
    return listed(reduced("sum", at(R, I), Each(R, x), test=gt(size(R), I)), upto(m))


def best_row(kind: str, key: Callable[[Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), BestBy(kind, x, R, key(R)), NONE)

    def early(w: Writer, x: Expr) -> Expr:
        if not w.last:
            return expr(w, x)
        from assay.forge.operations.short import ends

        w.add(when(is_empty(x), ends(NONE)))
        return BestBy(kind, x, R, key(R))

    return {"expr": expr, "loop": early}


def row_sum(r: Expr) -> Expr:
    return prim("sum", INT, r)


OPERATIONS: list[Operation] = [
    op(
        "flatten",
        ("join all inner lists[ of {x}] into one list", "flatten {x} into one list"),
        1.8,
        (),
        INTS,
        expr=flatten,
        loop=flatten_loop,
        other=flatten_add,
    ),
    op(
        "row_sums",
        ("replace each inner list[ of {x}] by its sum", "list the sums of the inner lists[ of {x}]"),
        1.6,
        (),
        INTS,
        **each_row(row_sum),
    ),
    op(
        "row_lengths",
        ("replace each inner list[ of {x}] by its length", "list the lengths of the inner lists[ of {x}]"),
        1.2,
        (),
        INTS,
        **each_row(size),
    ),
    op(
        "row_maxima",
        ("replace each inner list[ of {x}] by its largest number (0 if it is empty)",),
        1.2,
        (),
        INTS,
        **each_row(lambda r: prim("max_or", INT, r, ZERO)),
    ),
    op(
        "row_minima",
        ("replace each inner list[ of {x}] by its smallest number (0 if it is empty)",),
        1.0,
        (),
        INTS,
        **each_row(lambda r: prim("min_or", INT, r, ZERO)),
    ),
    op(
        "row_heads",
        ("list the first number of each inner list[ of {x}] that is not empty",),
        0.9,
        (),
        INTS,
        **each_row(lambda r: at(r, ZERO), some),
    ),
    op(
        "row_lasts",
        ("list the last number of each inner list[ of {x}] that is not empty",),
        0.8,
        (),
        INTS,
        **each_row(last, some),
    ),
    op(
        "column",
        ("list the numbers at position {0} (from 0) of the inner lists[ of {x}] that are long enough",),
        0.9,
        (Constant((0, 1, 2)),),
        INTS,
        expr=column,
        loop=column_loop,
    ),
    op(
        "diagonal",
        (
            "list the first number of the first inner list[ of {x}], the second of the second and so on, leaving out inner lists that are too short",
        ),
        0.7,
        (),
        INTS,
        expr=diagonal,
    ),
    op(
        "column_sums",
        (
            "list the sum of all first numbers of the inner lists[ of {x}], of all second ones and so on, as far as the longest reaches",
        ),
        0.7,
        (),
        INTS,
        expr=column_sums,
    ),
    op(
        "longest_row",
        ("the longest inner list[ of {x}], the first if tied (an empty list if there is none)",),
        0.9,
        (),
        INTS,
        **best_row("max", size),
    ),
    op(
        "heaviest_row",
        ("the inner list[ of {x}] with the largest sum, the first if tied (an empty list if there is none)",),
        0.9,
        (),
        INTS,
        **best_row("max", row_sum),
    ),
    op(
        "lightest_row",
        ("the inner list[ of {x}] with the smallest sum, the first if tied (an empty list if there is none)",),
        0.7,
        (),
        INTS,
        **best_row("min", row_sum),
    ),
    op(
        "first_row",
        ("the first inner list[ of {x}] (an empty list if there is none)",),
        0.6,
        (),
        INTS,
        expr=lambda w, x: Cond(some(x), at(x, ZERO), NONE),
    ),
    op(
        "transpose",
        ("swap rows and columns[ of {x}], as far as the shortest inner list reaches",),
        0.8,
        (),
        ROWS,
        expr=transpose,
    ),
    op("reverse_rows", ("reverse each inner list[ of {x}]",), 1.0, (), ROWS, **each_row(lambda r: same("reversed", r))),
    op(
        "sort_rows",
        ("sort each inner list[ of {x}], smallest first",),
        1.0,
        (),
        ROWS,
        **each_row(lambda r: same("sorted", r)),
    ),
    op(
        "row_order",
        ("reverse the order of the inner lists[ of {x}]",),
        0.8,
        (),
        ROWS,
        expr=lambda w, x: same("reversed", x),
    ),
    op(
        "sort_rows_by_sum",
        ("sort the inner lists[ of {x}] by their sums, smallest first, ties in the old order",),
        0.9,
        (),
        ROWS,
        expr=lambda w, x: SortBy(x, R, row_sum(R)),
    ),
    op(
        "sort_rows_by_length",
        ("sort the inner lists[ of {x}] by length, shortest first, ties in the old order",),
        0.9,
        (),
        ROWS,
        expr=lambda w, x: SortBy(x, R, size(R)),
    ),
    op("keep_full_rows", ("remove the empty inner lists[ of {x}]",), 0.8, (), ROWS, **kept(some)),
    op(
        "keep_heavy_rows",
        ("keep only the inner lists[ of {x}] whose sum is above {0}",),
        0.9,
        (Constant((0, 2, 5, 8, 10)),),
        ROWS,
        **kept(lambda r, k: gt(row_sum(r), k)),
    ),
    op(
        "keep_long_rows",
        ("keep only the inner lists[ of {x}] with more than {0} numbers",),
        0.9,
        (Constant((1, 2)),),
        ROWS,
        **kept(lambda r, k: gt(size(r), k)),
    ),
    op(
        "keep_short_rows",
        ("keep only the inner lists[ of {x}] with fewer than {0} numbers",),
        0.7,
        (Constant((2, 3)),),
        ROWS,
        **kept(lambda r, k: lt(size(r), k)),
    ),
    op(
        "add_in_rows",
        ("add {0} to each number in each inner list[ of {x}]",),
        0.9,
        (Constant((1, 2, 3, 5), param=True),),
        ROWS,
        **each_row(lambda r, k: listed(add(X, k), Each(X, r))),
    ),
    op(
        "mul_in_rows",
        ("multiply each number in each inner list[ of {x}] by {0}",),
        0.8,
        (Constant((2, 3, 5)),),
        ROWS,
        **each_row(lambda r, k: listed(mul(X, k), Each(X, r))),
    ),
    op(
        "keep_in_rows",
        ("keep only the numbers above {0} in each inner list[ of {x}]",),
        0.8,
        (Constant((0, 1, 3, 5)),),
        ROWS,
        **each_row(lambda r, k: listed(X, Each(X, r), test=gt(X, k))),
    ),
    op(
        "append_row_sums",
        ("append its sum to each inner list[ of {x}]",),
        0.8,
        (),
        ROWS,
        **each_row(lambda r: add(r, ListOf((row_sum(r),), INTS))),
    ),
    op(
        "drop_row_heads",
        ("remove the first number of each inner list[ of {x}] (empty ones stay)",),
        0.7,
        (),
        ROWS,
        **each_row(lambda r: same("drop", r, ONE)),
    ),
    op("row_count", ("the number of inner lists[ of {x}]",), 0.5, (), INT, expr=lambda w, x: size(x)),
    op(
        "grand_total",
        ("the sum of all numbers in all inner lists[ of {x}]",),
        1.0,
        (),
        INT,
        expr=total,
        loop=total_loop,
    ),
    op(
        "total_count",
        ("the number of numbers in all inner lists[ of {x}] together",),
        0.8,
        (),
        INT,
        expr=lambda w, x: reduced("sum", size(R), Each(R, x)),
    ),
    op(
        "largest_row_sum",
        ("the largest sum of an inner list[ of {x}] (0 if there is none)",),
        0.9,
        (),
        INT,
        expr=lambda w, x: reduced("max", row_sum(R), Each(R, x), default=ZERO),
    ),
    op(
        "longest_row_length",
        ("the length of the longest inner list[ of {x}] (0 if there is none)",),
        0.7,
        (),
        INT,
        expr=lambda w, x: reduced("max", size(R), Each(R, x), default=ZERO),
    ),
]

__all__ = ["OPERATIONS", "eq", "le"]
