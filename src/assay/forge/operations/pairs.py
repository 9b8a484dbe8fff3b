"""Operations on two values: two lists, a list and a number, two strings, two numbers, two dicts."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, COUNTS, INT, INTS, STR, STRS, BestBy, Comp, EmptyDict, Items, SetKey, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    ONE,
    TWO,
    ZERO,
    C,
    Cond,
    Each,
    Expr,
    I,
    K,
    ListOf,
    V,
    W,
    X,
    Y,
    Zip,
    abs_,
    add,
    at,
    div,
    eq,
    ge,
    gt,
    inc,
    is_empty,
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
    size,
    some,
    sub,
    upto,
    when,
)


def op(
    name: str,
    takes: tuple[Type, Type],
    gives: Type,
    phrases: tuple[str, ...],
    weight: float = 0.6,
    constants: tuple[Constant, ...] = (),
    **idioms: Builder,
) -> Operation:
    return Operation(name, takes, gives, phrases, idioms, constants, weight)


def pure(f: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        return f(x, y)

    return {"expr": expr}


def zipped(f: Callable[[Expr, Expr], Expr]) -> Idioms:
    """f of the elements at the same positions, as far as the shorter list goes."""

    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        return listed(f(X, Y), Zip(X, Y, x, y))

    def by_loop(w: Writer, x: Expr, y: Expr) -> Expr:
        out = w.new("out", ListOf((), INTS))
        w.add(loop(Zip(X, Y, x, y), push(out, f(X, Y))))
        return out

    def by_index(w: Writer, x: Expr, y: Expr) -> Expr:
        return listed(f(at(x, I), at(y, I)), upto(min2(size(x), size(y))))

    return {"expr": expr, "loop": by_loop, "other": by_index}


def zipped_total(f: Callable[[Expr, Expr], Expr], test: Callable[[Expr, Expr], Expr] | None = None) -> Idioms:
    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        return reduced("sum", f(X, Y), Zip(X, Y, x, y), test=test(X, Y) if test else None)

    def by_loop(w: Writer, x: Expr, y: Expr) -> Expr:
        total = w.new("total", ZERO)
        more = inc(total, f(X, Y))
        w.add(loop(Zip(X, Y, x, y), when(test(X, Y), more) if test else more))
        return total

    return {"expr": expr, "loop": by_loop}


def members(wanted: bool) -> Idioms:
    """The elements of the first list that are in the second, or that are not."""

    def test(v: Expr, y: Expr) -> Expr:
        there = prim("contains", BOOL, y, v)
        return there if wanted else no(there)

    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        v = X if x.type == INTS else W
        return listed(v, Each(v, x), test=test(v, y))

    def by_loop(w: Writer, x: Expr, y: Expr) -> Expr:
        v = X if x.type == INTS else W
        out = w.new("out", ListOf((), x.type))
        w.add(loop(Each(v, x), when(test(v, y), push(out, v))))
        return out

    return {"expr": expr, "loop": by_loop}


def each_with(f: Callable[[Expr, Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        return listed(f(X, y), Each(X, x))

    def by_loop(w: Writer, x: Expr, y: Expr) -> Expr:
        out = w.new("out", ListOf((), INTS))
        w.add(loop(Each(X, x), push(out, f(X, y))))
        return out

    return {"expr": expr, "loop": by_loop}


def kept(test: Callable[[Expr, Expr], Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        return listed(X, Each(X, x), test=test(X, y))

    def by_loop(w: Writer, x: Expr, y: Expr) -> Expr:
        out = w.new("out", ListOf((), INTS))
        w.add(loop(Each(X, x), when(test(X, y), push(out, X))))
        return out

    return {"expr": expr, "loop": by_loop}


def interleave(w: Writer, x: Expr, y: Expr) -> Expr:
    out = w.new("out", ListOf((), INTS))
    w.add(loop(Zip(X, Y, x, y), push(out, X), push(out, Y)))
    return out


def interleave_text(w: Writer, x: Expr, y: Expr) -> Expr:
    return reduced("join", add(at(x, I), at(y, I)), upto(min2(size(x), size(y))))


def merged(w: Writer, x: Expr, y: Expr) -> Expr:
    table = w.new("dict", EmptyDict(COUNTS))
    w.add(
        loop(Items(K, V, x), SetKey(table.name, K, add(V, prim("get", INT, y, K, ZERO)))),
        loop(Items(K, V, y), when(no(prim("has_key", BOOL, table, K)), SetKey(table.name, K, V))),
    )
    return table


def common_keys(w: Writer, x: Expr, y: Expr) -> Expr:
    return listed(K, Items(K, V, x), test=prim("has_key", BOOL, y, K))


def common_chars(wanted: bool) -> Idioms:
    def expr(w: Writer, x: Expr, y: Expr) -> Expr:
        there = prim("in_str", BOOL, C, y)
        return reduced("join", C, Each(C, x), test=there if wanted else no(there))

    return {"expr": expr}


def anagram(w: Writer, x: Expr, y: Expr) -> Expr:
    return eq(
        prim("sorted", STRS, prim("chars", STRS, x)),
        prim("sorted", STRS, prim("chars", STRS, y)),
    )


OPERATIONS: list[Operation] = [
    op("keep_above_value", (INTS, INT), INTS, ("keep only the numbers[ in {x}] above {y}",), 0.9, **kept(gt)),
    op("keep_below_value", (INTS, INT), INTS, ("keep only the numbers[ in {x}] below {y}",), 0.7, **kept(lt)),
    op(
        "drop_value",
        (INTS, INT),
        INTS,
        ("remove every {y}[ from {x}]", "remove all numbers[ in {x}] equal to {y}"),
        0.9,
        **kept(ne),
    ),
    op("add_value", (INTS, INT), INTS, ("add {y} to each number[ in {x}]",), 0.8, **each_with(add)),
    op("sub_value", (INTS, INT), INTS, ("subtract {y} from each number[ in {x}]",), 0.8, **each_with(sub)),
    op("mul_value", (INTS, INT), INTS, ("multiply each number[ in {x}] by {y}",), 0.6, **each_with(mul)),
    op("cap_value", (INTS, INT), INTS, ("lower every number[ in {x}] above {y} to {y}",), 0.6, **each_with(min2)),
    op(
        "distance_value",
        (INTS, INT),
        INTS,
        ("replace each number[ in {x}] by its distance from {y}",),
        0.6,
        **each_with(lambda v, n: abs_(sub(v, n))),
    ),
    op("append_value", (INTS, INT), INTS, ("append {y} to {x}",), 0.7, **pure(lambda a, n: add(a, ListOf((n,), INTS)))),
    op(
        "prepend_value",
        (INTS, INT),
        INTS,
        ("put {y} in front of {x}",),
        0.7,
        **pure(lambda a, n: add(ListOf((n,), INTS), a)),
    ),
    op(
        "count_value",
        (INTS, INT),
        INT,
        ("how often {y} occurs[ in {x}]", "the number of times {y} occurs[ in {x}]"),
        0.7,
        **pure(lambda a, n: prim("count", INT, a, n)),
    ),
    op(
        "count_above_value",
        (INTS, INT),
        INT,
        ("how many numbers[ in {x}] are above {y}",),
        0.7,
        expr=lambda w, a, n: reduced("sum", ONE, Each(X, a), test=gt(X, n)),
    ),
    op(
        "place_of_value",
        (INTS, INT),
        INT,
        ("the position (from 0) of the first {y}[ in {x}] (-1 if there is none)",),
        0.6,
        expr=lambda w, a, n: Cond(prim("contains", BOOL, a, n), prim("index", INT, a, n), num(-1)),
    ),
    op(
        "nearest_value",
        (INTS, INT),
        INT,
        ("the number[ in {x}] nearest to {y}, the first if tied (0 if there is none)",),
        0.6,
        expr=lambda w, a, n: Cond(some(a), BestBy("min", a, X, abs_(sub(X, n))), ZERO),
    ),
    op(
        "contains_value",
        (INTS, INT),
        BOOL,
        ("whether {y} is in {x}",),
        0.25,
        **pure(lambda a, n: prim("contains", BOOL, a, n)),
    ),
    op(
        "zip_add",
        (INTS, INTS),
        INTS,
        ("add the numbers of {x} and {y} at the same positions (the result is as long as the shorter list)",),
        0.8,
        **zipped(add),
    ),
    op(
        "zip_sub",
        (INTS, INTS),
        INTS,
        (
            "subtract each number of {y} from the one at the same position of {x} (the result is as long as the shorter list)",
        ),
        0.6,
        **zipped(sub),
    ),
    op(
        "zip_mul",
        (INTS, INTS),
        INTS,
        ("multiply the numbers of {x} and {y} at the same positions (the result is as long as the shorter list)",),
        0.6,
        **zipped(mul),
    ),
    op(
        "zip_max",
        (INTS, INTS),
        INTS,
        ("take the larger of the numbers of {x} and {y} at each position (the result is as long as the shorter list)",),
        0.6,
        **zipped(max2),
    ),
    op(
        "zip_min",
        (INTS, INTS),
        INTS,
        (
            "take the smaller of the numbers of {x} and {y} at each position (the result is as long as the shorter list)",
        ),
        0.5,
        **zipped(min2),
    ),
    op(
        "concat",
        (INTS, INTS),
        INTS,
        ("append all numbers of {y} to {x}", "put {y} behind {x} as one list"),
        0.7,
        **pure(add),
    ),
    op(
        "concat_before",
        (INTS, INTS),
        INTS,
        ("put {y} in front of {x} as one list",),
        0.5,
        **pure(lambda a, b: add(b, a)),
    ),
    op(
        "interleave",
        (INTS, INTS),
        INTS,
        ("take numbers from {x} and {y} in turn, beginning with {x}, as long as both have one",),
        0.6,
        expr=interleave,
    ),
    op(
        "keep_common", (INTS, INTS), INTS, ("keep only the numbers[ in {x}] that are in {y} too",), 0.8, **members(True)
    ),
    op("drop_common", (INTS, INTS), INTS, ("remove the numbers[ in {x}] that are in {y} too",), 0.8, **members(False)),
    op(
        "union",
        (INTS, INTS),
        INTS,
        ("append all numbers of {y} to {x} and keep only the first occurrence of each number",),
        0.5,
        **pure(lambda a, b: same("distinct", add(a, b))),
    ),
    op(
        "merge_sorted",
        (INTS, INTS),
        INTS,
        ("put {x} and {y} together and sort all, smallest first",),
        0.6,
        **pure(lambda a, b: same("sorted", add(a, b))),
    ),
    op(
        "dot",
        (INTS, INTS),
        INT,
        ("the sum of the products of the numbers of {x} and {y} at the same positions (up to the end of the shorter)",),
        0.6,
        **zipped_total(mul),
    ),
    op(
        "count_matches",
        (INTS, INTS),
        INT,
        ("the number of positions at which {x} and {y} are equal (up to the end of the shorter)",),
        0.5,
        **zipped_total(lambda a, b: ONE, eq),
    ),
    op(
        "count_wins",
        (INTS, INTS),
        INT,
        ("the number of positions at which {x} has a larger number than {y} (up to the end of the shorter)",),
        0.5,
        **zipped_total(lambda a, b: ONE, gt),
    ),
    op(
        "sum_difference",
        (INTS, INTS),
        INT,
        ("the sum of {x} minus the sum of {y}",),
        0.6,
        **pure(lambda a, b: sub(prim("sum", INT, a), prim("sum", INT, b))),
    ),
    op("plus", (INT, INT), INT, ("add {y} to {x}",), 0.9, **pure(add)),
    op("minus", (INT, INT), INT, ("subtract {y} from {x}",), 0.8, **pure(sub)),
    op("times", (INT, INT), INT, ("multiply {x} by {y}",), 0.7, **pure(mul)),
    op("larger", (INT, INT), INT, ("the larger of {x} and {y}",), 0.7, **pure(max2)),
    op("smaller", (INT, INT), INT, ("the smaller of {x} and {y}",), 0.7, **pure(min2)),
    op(
        "apart", (INT, INT), INT, ("the absolute difference of {x} and {y}",), 0.7, **pure(lambda a, b: abs_(sub(a, b)))
    ),
    op(
        "over",
        (INT, INT),
        INT,
        ("divide {x} by {y}, rounding down (0 if {y} is 0)",),
        0.6,
        **pure(lambda a, b: Cond(ne(b, ZERO), div(a, b), ZERO)),
    ),
    op(
        "modulo",
        (INT, INT),
        INT,
        ("take {x} modulo {y} (as Python's %; 0 if {y} is 0)",),
        0.5,
        **pure(lambda a, b: Cond(ne(b, ZERO), mod(a, b), ZERO)),
    ),
    op(
        "midpoint",
        (INT, INT),
        INT,
        ("the average of {x} and {y}, rounded down",),
        0.5,
        **pure(lambda a, b: div(add(a, b), TWO)),
    ),
    op("exceeds", (INT, INT), BOOL, ("whether {x} is larger than {y}",), 0.25, **pure(gt)),
    op("join_texts", (STR, STR), STR, ("append {y} to {x}", "put {y} behind {x}"), 0.7, **pure(add)),
    op("join_texts_before", (STR, STR), STR, ("put {y} in front of {x}",), 0.5, **pure(lambda a, b: add(b, a))),
    op(
        "shared_chars",
        (STR, STR),
        STR,
        ("keep only the characters[ of {x}] that occur in {y}",),
        0.7,
        **common_chars(True),
    ),
    op(
        "unshared_chars",
        (STR, STR),
        STR,
        ("remove the characters[ of {x}] that occur in {y}",),
        0.7,
        **common_chars(False),
    ),
    op(
        "interleave_texts",
        (STR, STR),
        STR,
        ("take characters from {x} and {y} in turn, beginning with {x}, as long as both have one",),
        0.5,
        expr=interleave_text,
    ),
    op(
        "equal_places",
        (STR, STR),
        INT,
        ("the number of positions at which {x} and {y} have the same character (up to the end of the shorter)",),
        0.5,
        expr=lambda w, a, b: reduced("sum", ONE, upto(min2(size(a), size(b))), test=eq(at(a, I), at(b, I))),
    ),
    op(
        "count_text",
        (STR, STR),
        INT,
        ("how often {y} occurs in {x} without overlap (0 if {y} is empty)",),
        0.5,
        expr=lambda w, a, b: Cond(is_empty(b), ZERO, prim("count_str", INT, a, b)),
    ),
    op(
        "is_anagram",
        (STR, STR),
        BOOL,
        ("whether {x} and {y} have the same characters, each equally often",),
        0.2,
        expr=anagram,
    ),
    op(
        "contains_text",
        (STR, STR),
        BOOL,
        ("whether {y} occurs in {x}",),
        0.25,
        **pure(lambda a, b: prim("in_str", BOOL, b, a)),
    ),
    op(
        "keep_with_text",
        (STRS, STR),
        STRS,
        ("keep only the strings[ in {x}] that contain {y}",),
        0.7,
        expr=lambda w, a, s: listed(W, Each(W, a), test=prim("in_str", BOOL, s, W)),
    ),
    op(
        "drop_text",
        (STRS, STR),
        STRS,
        ("remove the strings[ in {x}] equal to {y}",),
        0.5,
        expr=lambda w, a, s: listed(W, Each(W, a), test=ne(W, s)),
    ),
    op(
        "suffix_text",
        (STRS, STR),
        STRS,
        ("append {y} to each string[ in {x}]",),
        0.6,
        expr=lambda w, a, s: listed(add(W, s), Each(W, a)),
    ),
    op(
        "append_text",
        (STRS, STR),
        STRS,
        ("append the string {y} to {x}",),
        0.6,
        **pure(lambda a, s: add(a, ListOf((s,), STRS))),
    ),
    op(
        "join_with_text",
        (STRS, STR),
        STR,
        ("join the strings[ in {x}] with {y} between",),
        0.7,
        **pure(lambda a, s: prim("join", STR, s, a)),
    ),
    op(
        "keep_common_strs",
        (STRS, STRS),
        STRS,
        ("keep only the strings[ in {x}] that are in {y} too",),
        0.6,
        **members(True),
    ),
    op(
        "drop_common_strs",
        (STRS, STRS),
        STRS,
        ("remove the strings[ in {x}] that are in {y} too",),
        0.6,
        **members(False),
    ),
    op("concat_strs", (STRS, STRS), STRS, ("append all strings of {y} to {x}",), 0.5, **pure(add)),
    op(
        "lookup",
        (COUNTS, STR),
        INT,
        ("the value[ in {x}] of the key {y} (0 if there is none)",),
        0.6,
        **pure(lambda d, s: prim("get", INT, d, s, ZERO)),
    ),
    op(
        "merge_counts",
        (COUNTS, COUNTS),
        COUNTS,
        ("add up the values of {x} and {y} key by key (keys of {x} first, then those only in {y})",),
        0.7,
        expr=merged,
    ),
    op(
        "common_keys",
        (COUNTS, COUNTS),
        STRS,
        ("list the keys[ of {x}] that are keys of {y} too, in their order",),
        0.6,
        expr=common_keys,
    ),
    op(
        "values_above_value",
        (COUNTS, INT),
        COUNTS,
        ("keep only the entries[ of {x}] whose value is above {y}",),
        0.6,
        expr=lambda w, d, n: Comp("dict", (Items(K, V, d),), V, COUNTS, gt(V, n), K),
    ),
]

__all__ = ["EMPTY", "OPERATIONS", "ge"]
