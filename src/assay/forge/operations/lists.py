"""Lists of ints to lists of ints (and of lists): orders, scans, neighbours, positions, groups."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, INT, INTS, ROWS, BestBy, SortBy, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    ONE,
    TWO,
    ZERO,
    Cond,
    Const,
    Each,
    Enumerate,
    Expr,
    I,
    ListOf,
    R,
    Range,
    X,
    Y,
    Zip,
    abs_,
    add,
    at,
    both,
    div,
    either,
    eq,
    ge,
    gt,
    inc,
    is_empty,
    last,
    le,
    listed,
    loop,
    lt,
    max2,
    min2,
    mod,
    mul,
    ne,
    no,
    num,
    prim,
    push,
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

NONE = ListOf((), INTS)
SMALL = Constant((1, 2, 3, 4, 5, 6, 7, 8, 9), param=True)


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = INTS,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (INTS,), gives, phrases, idioms, constants, weight)


def sort_asc(w: Writer, x: Expr) -> Expr:
    return same("sorted", x)


def insertion_sort(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    pos = w.fresh("at", INT)
    from assay.forge.ir import Assign

    w.add(
        loop(
            Each(X, x),
            Assign(pos.name, ZERO),
            whilst(both(lt(pos, size(out)), le(at(out, pos), X)), inc(pos)),
            set_(out, add(add(same("take", out, pos), ListOf((X,), INTS)), same("drop", out, pos))),
        )
    )
    return out


def sort_desc(w: Writer, x: Expr) -> Expr:
    return same("sorted_desc", x)


def sort_desc_reversed(w: Writer, x: Expr) -> Expr:
    return same("reversed", same("sorted", x))


def scan(step: Callable[[Expr, Expr], Expr], kind: str = "total") -> Idioms:
    """Replace each number by what was folded so far; the first stays."""

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(Each(X, x), push(out, Cond(some(out), step(last(out), X), X))))
        return out

    def by_if(w: Writer, x: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(Each(X, x), when(is_empty(out), push(out, X), other=(push(out, step(last(out), X)),))))
        return out

    return {"expr": by_loop, "loop": by_if}


def running_sum(w: Writer, x: Expr) -> Expr:
    return listed(prim("sum", INT, same("take", x, add(I, ONE))), upto(size(x)))


def running_sum_loop(w: Writer, x: Expr) -> Expr:
    out, total = w.new("out", NONE), w.new("total", ZERO)
    w.add(loop(Each(X, x), inc(total, X), push(out, total)))
    return out


def running(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return listed(prim(kind, INT, same("take", x, add(I, ONE))), upto(size(x)))

    return {"expr": expr, "loop": scan(max2 if kind == "max" else min2)["loop"]}


def neighbours(f: Callable[[Expr, Expr], Expr]) -> Idioms:
    """A list that is one shorter: f of each number and the one after it."""

    def by_zip(w: Writer, x: Expr) -> Expr:
        return listed(f(X, Y), Zip(X, Y, x, same("drop", x, ONE)))

    def by_index(w: Writer, x: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(upto(size(x), ONE), push(out, f(at(x, sub(I, ONE)), at(x, I)))))
        return out

    def by_range(w: Writer, x: Expr) -> Expr:
        return listed(f(at(x, I), at(x, add(I, ONE))), upto(sub(size(x), ONE)))

    return {"expr": by_zip, "loop": by_index, "other": by_range}


def positions(f: Callable[..., Expr]) -> Idioms:
    """f of position and number."""

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return listed(f(I, X, *k), Enumerate(I, X, x))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(Enumerate(I, X, x), push(out, f(I, X, *k))))
        return out

    return {"expr": expr, "loop": by_loop}


def whole(f: Callable[[Expr, Expr], Expr]) -> Idioms:
    """f of each number and the whole list."""

    def expr(w: Writer, x: Expr) -> Expr:
        return listed(f(X, x), Each(X, x))

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(Each(X, x), push(out, f(X, x))))
        return out

    return {"expr": expr, "loop": by_loop}


def chosen(test: Callable[[Expr, Expr], Expr]) -> Idioms:
    """The numbers for which a test of number and whole list is true."""

    def expr(w: Writer, x: Expr) -> Expr:
        return listed(X, Each(X, x), test=test(X, x))

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", NONE)
        w.add(loop(Each(X, x), when(test(X, x), push(out, X))))
        return out

    return {"expr": expr, "loop": by_loop}


def relative(kind: str, none: int = 0) -> Idioms:
    """Every number minus the smallest, largest or first."""

    def base(x: Expr) -> Expr:
        return at(x, ZERO) if kind == "first" else prim(kind, INT, x)

    def inside(w: Writer, x: Expr) -> Expr:
        return listed(sub(X, base(x)), Each(X, x))

    def before(w: Writer, x: Expr) -> Expr:
        m = w.new("int", Cond(some(x), base(x), ZERO))
        return listed(sub(X, m), Each(X, x))

    def by_loop(w: Writer, x: Expr) -> Expr:
        m = w.new("int", Cond(some(x), base(x), ZERO))
        out = w.new("out", NONE)
        w.add(loop(Each(X, x), push(out, sub(X, m))))
        return out

    return {"expr": before, "loop": by_loop, "other": inside}


def sort_by(key: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return SortBy(x, X, key(X, *k))

    return {"expr": expr}


def chunk_sums(w: Writer, x: Expr, k: Const) -> Expr:
    piece = same("slice", x, I, add(I, k))
    return listed(prim("sum", INT, piece), Range(I, ZERO, size(x), _int(k)))


def chunks(w: Writer, x: Expr, k: Const) -> Expr:
    return listed(same("slice", x, I, add(I, k)), Range(I, ZERO, size(x), _int(k)))


def chunks_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", ListOf((), ROWS))
    b = w.new("list", x)
    w.add(whilst(some(b), push(out, same("take", b, k)), set_(b, same("drop", b, k))))
    return out


def windows(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(same("slice", x, I, add(I, k)), upto(add(sub(size(x), k), ONE)))


def window_sums(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(prim("sum", INT, same("slice", x, I, add(I, k))), upto(add(sub(size(x), k), ONE)))


def windows_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", ListOf((), ROWS))
    w.add(loop(upto(add(sub(size(x), k), ONE)), push(out, same("slice", x, I, add(I, k)))))
    return out


def groups(w: Writer, x: Expr) -> Expr:
    """Runs of equal numbers."""
    out, g = w.new("out", ListOf((), ROWS)), w.new("list", NONE)
    w.add(
        loop(
            Each(X, x),
            when(both(some(g), ne(last(g), X)), push(out, g), set_(g, NONE)),
            set_(g, add(g, ListOf((X,), INTS))),
        ),
        when(some(g), push(out, g)),
    )
    return out


def run_lengths(w: Writer, x: Expr) -> Expr:
    out, run = w.new("out", NONE), w.new("run", ZERO)
    w.add(
        loop(
            upto(size(x)),
            inc(run),
            when(either(eq(I, sub(size(x), ONE)), ne(at(x, I), at(x, add(I, ONE)))), push(out, run), set_(run, ZERO)),
        )
    )
    return out


def appended(f: Callable[[Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return add(x, ListOf((f(x),), INTS))

    def by_loop(w: Writer, x: Expr) -> Expr:
        out = w.new("out", same("copy", x))
        w.add(push(out, f(x)))
        return out

    return {"expr": expr, "loop": by_loop}


def between(w: Writer, x: Expr, k: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(X, x), when(some(out), push(out, k)), push(out, X)))
    return out


def peaks(w: Writer, x: Expr) -> Expr:
    higher = both(gt(at(x, I), at(x, sub(I, ONE))), gt(at(x, I), at(x, add(I, ONE))))
    return listed(at(x, I), upto(sub(size(x), ONE), ONE), test=higher)


def peaks_loop(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    higher = both(gt(at(x, I), at(x, sub(I, ONE))), gt(at(x, I), at(x, add(I, ONE))))
    w.add(loop(upto(sub(size(x), ONE), ONE), when(higher, push(out, at(x, I)))))
    return out


def records(w: Writer, x: Expr) -> Expr:
    out = w.new("out", NONE)
    w.add(loop(Each(X, x), when(either(is_empty(out), gt(X, last(out))), push(out, X))))
    return out


def without_at(w: Writer, x: Expr, k: Expr) -> Expr:
    return add(same("take", x, k), same("drop", x, add(k, ONE)))


def without_at_loop(w: Writer, x: Expr, k: Expr) -> Expr:
    return listed(X, Enumerate(I, X, x), test=ne(I, k))


def folded(w: Writer, x: Expr) -> Expr:
    """First with last, second with last but one, and so on."""
    other = at(x, sub(sub(size(x), ONE), I))
    return listed(add(at(x, I), other), upto(div(size(x), TWO)))


def alternate(w: Writer, x: Expr) -> Expr:
    return listed(Cond(eq(mod(I, TWO), ZERO), X, Un_neg(X)), Enumerate(I, X, x))


def alternate_loop(w: Writer, x: Expr) -> Expr:
    out, sign = w.new("out", NONE), w.new("flag", ONE)
    w.add(loop(Each(X, x), push(out, mul(X, sign)), set_(sign, Un_neg(sign))))
    return out


def zeros_last(w: Writer, x: Expr) -> Expr:
    b = w.new("list", listed(X, Each(X, x), test=ne(X, ZERO)))
    return add(b, same("repeat", ListOf((ZERO,), INTS), sub(size(x), size(b))))


def zeros_last_sort(w: Writer, x: Expr) -> Expr:
    return add(listed(X, Each(X, x), test=ne(X, ZERO)), listed(X, Each(X, x), test=eq(X, ZERO)))


def prefixes(w: Writer, x: Expr) -> Expr:
    return listed(same("take", x, I), Range(I, ONE, add(size(x), ONE)))


def deltas_from_start(w: Writer, x: Expr) -> Expr:
    out, prev = w.new("out", NONE), w.new("last", ZERO)
    w.add(loop(Each(X, x), push(out, sub(X, prev)), set_(prev, X)))
    return out


def Un_neg(x: Expr) -> Expr:
    from assay.forge.operations.short import neg

    return neg(x)


def _int(k: Expr) -> int:
    """The step of a range must be a number when code is made; compiled gates give a parameter here."""
    assert isinstance(k, Const) and isinstance(k.value, int)
    return k.value


def _count(x: Expr, whole_: Expr) -> Expr:
    return prim("count", INT, whole_, x)


OPERATIONS: list[Operation] = [
    op("sort", ("sort {x} in ascending order", "sort {x}, smallest first"), 1.6, expr=sort_asc, loop=insertion_sort),
    op(
        "sort_desc",
        ("sort {x} in descending order", "sort {x}, largest first"),
        1.4,
        expr=sort_desc,
        loop=sort_desc_reversed,
    ),
    op("sort_abs", ("sort {x} by absolute value, ties in the old order",), 0.7, **sort_by(abs_)),
    op(
        "sort_last_digit",
        ("sort {x} by the last digit of the absolute value, ties in the old order",),
        0.4,
        **sort_by(lambda v: mod(abs_(v), num(10))),
    ),
    op(
        "sort_near",
        ("sort {x} by distance from {0}, nearest first, ties in the old order",),
        0.6,
        (SMALL,),
        **sort_by(lambda v, k: abs_(sub(v, k))),
    ),
    op(
        "sort_mod",
        ("sort {x} by remainder mod {0} (as Python's %), ties in the old order",),
        0.4,
        (Constant((2, 3, 4, 5)),),
        **sort_by(mod),
    ),
    op(
        "running_sum",
        (
            "replace each number[ in {x}] by the sum of all numbers up to and including it",
            "turn {x} into its running sums",
        ),
        1.2,
        expr=running_sum,
        loop=running_sum_loop,
    ),
    op(
        "running_max",
        (
            "replace each number[ in {x}] by the largest number up to and including it",
            "turn {x} into its running maxima",
        ),
        0.9,
        **running("max"),
    ),
    op(
        "running_min",
        (
            "replace each number[ in {x}] by the smallest number up to and including it",
            "turn {x} into its running minima",
        ),
        0.8,
        **running("min"),
    ),
    op(
        "differences",
        (
            "replace {x} by the differences between neighbours (each number minus the one before it)",
            "list how much each number[ in {x}] exceeds the one before it, leaving out the first",
        ),
        1.2,
        **neighbours(lambda one, two: sub(two, one)),
    ),
    op(
        "gaps",
        ("list the absolute differences between neighbouring numbers[ in {x}]",),
        0.8,
        **neighbours(lambda one, two: abs_(sub(two, one))),
    ),
    op(
        "neighbour_sums",
        (
            "list the sums of each number[ in {x}] and the one after it (the last has none)",
            "replace {x} by the sums of neighbouring pairs (one fewer than before)",
        ),
        0.9,
        **neighbours(add),
    ),
    op(
        "neighbour_products",
        ("list the products of each number[ in {x}] and the one after it (the last has none)",),
        0.6,
        **neighbours(mul),
    ),
    op(
        "neighbour_max",
        ("list the larger of each number[ in {x}] and the one after it (the last has none)",),
        0.6,
        **neighbours(max2),
    ),
    op(
        "neighbour_min",
        ("list the smaller of each number[ in {x}] and the one after it (the last has none)",),
        0.5,
        **neighbours(min2),
    ),
    op(
        "steps",
        ("replace each number[ in {x}] by its difference from the one before it (the first stays)",),
        0.6,
        expr=deltas_from_start,
    ),
    op(
        "add_position",
        (
            "add to each number[ in {x}] its position, counting from 0",
            "increase each number[ in {x}] by its 0-based position",
        ),
        0.9,
        **positions(lambda i, v: add(v, i)),
    ),
    op(
        "sub_position",
        ("subtract from each number[ in {x}] its position, counting from 0",),
        0.6,
        **positions(lambda i, v: sub(v, i)),
    ),
    op(
        "mul_position",
        ("multiply each number[ in {x}] by its position, counting from 1",),
        0.8,
        **positions(lambda i, v: mul(v, add(i, ONE))),
    ),
    op(
        "alternate_signs",
        ("flip the sign of every second number[ in {x}], beginning with the second",),
        0.6,
        expr=alternate,
        loop=alternate_loop,
    ),
    op(
        "add_alternately",
        ("add {0} to the numbers[ in {x}] at even positions (from 0) and subtract {0} from the others",),
        0.5,
        (Constant((1, 2, 3, 5)),),
        **positions(lambda i, v, k: Cond(eq(mod(i, TWO), ZERO), add(v, k), sub(v, k))),
    ),
    op("count_each", ("replace each number[ in {x}] by how often it occurs in the list",), 0.8, **whole(_count)),
    op(
        "rank_each",
        ("replace each number[ in {x}] by how many numbers in the list are smaller",),
        0.7,
        **whole(lambda v, a: reduced("sum", ONE, Each(Y, a), test=lt(Y, v))),
    ),
    op(
        "larger_each",
        ("replace each number[ in {x}] by how many numbers in the list are larger",),
        0.4,
        **whole(lambda v, a: reduced("sum", ONE, Each(Y, a), test=gt(Y, v))),
    ),
    op(
        "keep_unique",
        (
            "keep only the numbers[ in {x}] that occur exactly once",
            "remove all numbers[ in {x}] that occur more than once",
        ),
        0.9,
        **chosen(lambda v, a: eq(_count(v, a), ONE)),
    ),
    op(
        "keep_repeated",
        ("keep only the numbers[ in {x}] that occur more than once (all their occurrences)",),
        0.7,
        **chosen(lambda v, a: gt(_count(v, a), ONE)),
    ),
    op(
        "drop_max",
        ("remove every occurrence of the largest number[ in {x}]",),
        0.8,
        **chosen(lambda v, a: ne(v, prim("max", INT, a))),
    ),
    op(
        "drop_min",
        ("remove every occurrence of the smallest number[ in {x}]",),
        0.8,
        **chosen(lambda v, a: ne(v, prim("min", INT, a))),
    ),
    op(
        "above_mean",
        ("keep only the numbers[ in {x}] above the average", "keep the numbers[ in {x}] that are larger than the mean"),
        0.8,
        **chosen(lambda v, a: gt(mul(v, size(a)), prim("sum", INT, a))),
    ),
    op(
        "keep_with_negative",
        ("keep only the numbers[ in {x}] whose negative is in the list too (0 is its own negative)",),
        0.4,
        **chosen(lambda v, a: prim("contains", BOOL, a, Un_neg(v))),
    ),
    op(
        "minus_min",
        (
            "subtract the smallest number[ in {x}] from every number",
            "subtract the minimum[ of {x}] from each",
        ),
        0.8,
        **relative("min"),
    ),
    op("minus_max", ("subtract the largest number[ in {x}] from every number",), 0.6, **relative("max")),
    op("minus_first", ("subtract the first number[ in {x}] from every number",), 0.7, **relative("first")),
    op(
        "append_sum",
        ("append the sum of the numbers to {x}", "put the sum of all numbers[ in {x}] at the end of the list"),
        0.8,
        **appended(lambda a: prim("sum", INT, a)),
    ),
    op("append_length", ("append its length to {x}", "put the length of {x} at its end"), 0.6, **appended(size)),
    op(
        "append_max",
        ("append its largest number to {x} (0 if empty)",),
        0.6,
        **appended(lambda a: prim("max_or", INT, a, ZERO)),
    ),
    op(
        "append_constant",
        ("append {0} to {x}", "put {0} at the end of {x}"),
        0.8,
        (SMALL,),
        expr=lambda w, x, k: add(x, ListOf((k,), INTS)),
    ),
    op(
        "prepend_constant",
        ("put {0} in front of {x}", "insert {0} at the start of {x}"),
        0.8,
        (SMALL,),
        expr=lambda w, x, k: add(ListOf((k,), INTS), x),
    ),
    op(
        "insert_between",
        ("insert a {0} between every two neighbours[ in {x}]",),
        0.6,
        (Constant((0, 1, 5, 7)),),
        expr=between,
    ),
    op(
        "peaks",
        ("keep only the numbers[ in {x}] that are larger than both neighbours (the first and last never are)",),
        0.7,
        expr=peaks,
        loop=peaks_loop,
    ),
    op(
        "records",
        ("keep only the numbers[ in {x}] that are larger than all before them (the first always is)",),
        0.8,
        expr=records,
    ),
    op(
        "remove_at",
        ("remove the number at position {0} (from 0)[ of {x}], if there is one",),
        0.8,
        (Constant((0, 1, 2, 3)),),
        expr=without_at,
        loop=without_at_loop,
    ),
    op(
        "fold_in_half",
        (
            "add the first and last number[ of {x}], the second and the last but one, and so on, into a list (a middle one is left out)",
        ),
        0.5,
        expr=folded,
    ),
    op(
        "zeros_last",
        ("move all zeros[ in {x}] to the end, keeping the order of the rest",),
        0.6,
        expr=zeros_last,
        loop=zeros_last_sort,
    ),
    op("run_lengths", ("list the lengths of the runs of equal neighbouring numbers[ in {x}]",), 0.6, expr=run_lengths),
    op(
        "window_sums",
        ("list the sums of every {0} neighbouring numbers[ in {x}] (windows moved by one)",),
        0.6,
        (Constant((2, 3)),),
        expr=window_sums,
    ),
    op(
        "chunk",
        (
            "split {x} into consecutive lists of {0} (the last may be shorter)",
            "cut {x} into pieces of {0} numbers, the last maybe shorter",
        ),
        0.8,
        (Constant((2, 3, 4)),),
        ROWS,
        expr=chunks_loop,
    ),
    op(
        "windows",
        ("list all runs of {0} neighbouring numbers[ in {x}], moving by one",),
        0.5,
        (Constant((2, 3)),),
        ROWS,
        expr=windows,
        loop=windows_loop,
    ),
    op("group_equal", ("split {x} into lists of equal neighbouring numbers",), 0.7, (), ROWS, expr=groups),
    op("prefixes", ("list all non-empty prefixes of {x}, shortest first",), 0.5, (), ROWS, expr=prefixes),
]

__all__ = ["OPERATIONS", "BestBy", "R", "ge", "no"]
