"""Dicts from strings to ints. Order is the order in which keys were first set, and operations keep it."""

from __future__ import annotations

from collections.abc import Callable

from assay.forge.ir import BOOL, COUNTS, INT, INTS, STR, STRS, BestBy, Comp, EmptyDict, Items, SetKey, SortBy, Type
from assay.forge.operations.operation import Builder, Constant, Idioms, Operation, Writer
from assay.forge.operations.short import (
    EMPTY,
    ONE,
    TWO,
    ZERO,
    Augment,
    Cond,
    Each,
    Expr,
    K,
    ListOf,
    V,
    W,
    add,
    eq,
    ge,
    gt,
    inc,
    is_empty,
    listed,
    loop,
    lt,
    min2,
    mod,
    mul,
    ne,
    neg,
    no,
    num,
    prim,
    push,
    reduced,
    set_,
    size,
    some,
    sub,
    text,
    when,
)

LIMIT = Constant((0, 1, 2, 3, 4, 5))
KEY = Constant(("a", "b", "c", "x", "cat"))
LETTER = Constant(("a", "b", "t", "o"))


def op(
    name: str,
    phrases: tuple[str, ...],
    weight: float = 0.8,
    constants: tuple[Constant, ...] = (),
    gives: Type = COUNTS,
    **idioms: Builder,
) -> Operation:
    return Operation(name, (COUNTS,), gives, phrases, idioms, constants, weight)


def remade(value: Callable[..., Expr], test: Callable[..., Expr] | None = None) -> Idioms:
    """A dict with the same keys, or those that pass, and other values."""

    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return Comp("dict", (Items(K, V, x),), value(V, *k), COUNTS, test(K, V, *k) if test else None, K)

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        table = w.new("dict", EmptyDict(COUNTS))
        put = SetKey(table.name, K, value(V, *k))
        w.add(loop(Items(K, V, x), when(test(K, V, *k), put) if test else put))
        return table

    return {"expr": expr, "loop": by_loop}


def chosen(test: Callable[..., Expr]) -> Idioms:
    return remade(lambda v, *k: v, test)


def keys_where(test: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return listed(K, Items(K, V, x), test=test(V, *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        out = w.new("out", ListOf((), STRS))
        w.add(loop(Items(K, V, x), when(test(V, *k), push(out, K))))
        return out

    return {"expr": expr, "loop": by_loop}


def best_key(kind: str) -> Idioms:
    def expr(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), BestBy(kind, prim("keys", STRS, x), K, prim("at_key", INT, x, K)), EMPTY)

    def by_loop(w: Writer, x: Expr) -> Expr:
        best = w.new("best", EMPTY)
        better = (gt if kind == "max" else lt)(V, prim("at_key", INT, x, best))
        from assay.forge.operations.short import either

        w.add(loop(Items(K, V, x), when(either(no(prim("has_key", BOOL, x, best)), better), set_(best, K))))
        return best

    return {"expr": expr, "loop": by_loop}


def total(w: Writer, x: Expr) -> Expr:
    return prim("sum", INT, prim("values", INTS, x))


def total_loop(w: Writer, x: Expr) -> Expr:
    t = w.new("total", ZERO)
    w.add(loop(Items(K, V, x), inc(t, V)))
    return t


def count_where(test: Callable[..., Expr]) -> Idioms:
    def expr(w: Writer, x: Expr, *k: Expr) -> Expr:
        return reduced("sum", ONE, Each(V, prim("values", INTS, x)), test=test(V, *k))

    def by_loop(w: Writer, x: Expr, *k: Expr) -> Expr:
        t = w.new("total", ZERO)
        w.add(loop(Items(K, V, x), when(test(V, *k), inc(t))))
        return t

    return {"expr": expr, "loop": by_loop}


def text_of(w: Writer, x: Expr) -> Expr:
    pair = add(add(K, text("=")), prim("to_str", STR, V))
    return prim("join", STR, text(","), listed(pair, Items(K, V, x)))


def repeated_keys(w: Writer, x: Expr) -> Expr:
    from assay.forge.ir import Prim
    from assay.forge.operations.short import max2

    return reduced("join", Prim("repeat", (K, max2(min2(V, num(9)), ZERO)), STR), Items(K, V, x))


def repeated_keys_loop(w: Writer, x: Expr) -> Expr:
    from assay.forge.operations.short import upto

    out = w.new("out", EMPTY)
    w.add(loop(Items(K, V, x), loop(upto(min2(V, num(9))), Augment(out.name, "+", K))))
    return out


OPERATIONS: list[Operation] = [
    op(
        "keys",
        ("list the keys[ of {x}] in their order",),
        1.2,
        (),
        STRS,
        expr=lambda w, x: prim("keys", STRS, x),
        loop=lambda w, x: listed(K, Items(K, V, x)),
    ),
    op(
        "sorted_keys",
        ("list the keys[ of {x}], sorted by character code",),
        1.0,
        (),
        STRS,
        expr=lambda w, x: prim("sorted", STRS, prim("keys", STRS, x)),
    ),
    op(
        "values",
        ("list the values[ of {x}] in their order",),
        1.4,
        (),
        INTS,
        expr=lambda w, x: prim("values", INTS, x),
        loop=lambda w, x: listed(V, Items(K, V, x)),
    ),
    op(
        "keys_by_value",
        ("list the keys[ of {x}] by value, smallest value first, ties in the old order",),
        0.9,
        (),
        STRS,
        expr=lambda w, x: SortBy(prim("keys", STRS, x), K, prim("at_key", INT, x, K)),
    ),
    op(
        "keys_by_value_desc",
        ("list the keys[ of {x}] by value, largest value first, ties in the old order",),
        0.9,
        (),
        STRS,
        expr=lambda w, x: SortBy(prim("keys", STRS, x), K, prim("at_key", INT, x, K), True),
    ),
    op(
        "keys_above",
        ("list the keys[ of {x}] whose value is above {0}, in their order",),
        0.9,
        (LIMIT,),
        STRS,
        **keys_where(gt),
    ),
    op(
        "keys_equal",
        ("list the keys[ of {x}] whose value is {0}, in their order",),
        0.6,
        (Constant((1, 2, 3)),),
        STRS,
        **keys_where(eq),
    ),
    op(
        "keys_even",
        ("list the keys[ of {x}] whose value is even, in their order",),
        0.6,
        (),
        STRS,
        **keys_where(lambda v: eq(mod(v, TWO), ZERO)),
    ),
    op(
        "keep_values_above",
        ("keep only the entries[ of {x}] whose value is above {0}",),
        1.0,
        (LIMIT,),
        **chosen(lambda key, v, k: gt(v, k)),
    ),
    op(
        "drop_values_above",
        ("remove the entries[ of {x}] whose value is above {0}",),
        0.8,
        (LIMIT,),
        **chosen(lambda key, v, k: prim_le(v, k)),
    ),
    op(
        "keep_odd_values",
        ("keep only the entries[ of {x}] whose value is odd",),
        0.7,
        (),
        **chosen(lambda key, v: ne(mod(v, TWO), ZERO)),
    ),
    op(
        "keep_positive_values",
        ("keep only the entries[ of {x}] whose value is positive",),
        0.7,
        (),
        **chosen(lambda key, v: gt(v, ZERO)),
    ),
    op(
        "keep_keys_with",
        ("keep only the entries[ of {x}] whose key contains {0}",),
        0.7,
        (LETTER,),
        **chosen(lambda key, v, k: prim("in_str", BOOL, k, key)),
    ),
    op(
        "keep_long_keys",
        ("keep only the entries[ of {x}] whose key is longer than 1 character",),
        0.6,
        (),
        **chosen(lambda key, v: gt(size(key), ONE)),
    ),
    op(
        "drop_key",
        ("remove the entry[ of {x}] with the key {0}, if there is one",),
        0.7,
        (KEY,),
        **chosen(lambda key, v, k: ne(key, k)),
    ),
    op(
        "add_to_values",
        ("add {0} to each value[ of {x}]",),
        1.0,
        (Constant((1, 2, 3, 5, 10), param=True),),
        **remade(add),
    ),
    op("mul_values", ("multiply each value[ of {x}] by {0}",), 0.9, (Constant((2, 3, 5)),), **remade(mul)),
    op("negate_values", ("flip the sign of each value[ of {x}]",), 0.6, (), **remade(neg)),
    op("square_values", ("square each value[ of {x}]",), 0.6, (), **remade(lambda v: mul(v, v))),
    op(
        "mod_values",
        ("replace each value[ of {x}] by its remainder mod {0} (as Python's %)",),
        0.5,
        (Constant((2, 3, 4)),),
        **remade(mod),
    ),
    op("total_values", ("the sum of the values[ of {x}]",), 1.3, (), INT, expr=total, loop=total_loop),
    op(
        "largest_value",
        ("the largest value[ of {x}] (0 if it is empty)",),
        1.0,
        (),
        INT,
        expr=lambda w, x: prim("max_or", INT, prim("values", INTS, x), ZERO),
        loop=lambda w, x: Cond(some(x), prim("max", INT, prim("values", INTS, x)), ZERO),
    ),
    op(
        "smallest_value",
        ("the smallest value[ of {x}] (0 if it is empty)",),
        0.8,
        (),
        INT,
        expr=lambda w, x: prim("min_or", INT, prim("values", INTS, x), ZERO),
    ),
    op("entry_count", ("the number of entries[ of {x}]",), 0.7, (), INT, expr=lambda w, x: size(x)),
    op(
        "value_of",
        ("the value[ in {x}] of the key {0} (0 if there is none)",),
        0.8,
        (KEY,),
        INT,
        expr=lambda w, x, k: prim("get", INT, x, k, ZERO),
        loop=lambda w, x, k: Cond(prim("has_key", BOOL, x, k), prim("at_key", INT, x, k), ZERO),
    ),
    op("count_values_above", ("the number of values[ of {x}] above {0}",), 0.8, (LIMIT,), INT, **count_where(gt)),
    op(
        "count_odd_values",
        ("the number of odd values[ of {x}]",),
        0.6,
        (),
        INT,
        **count_where(lambda v: ne(mod(v, TWO), ZERO)),
    ),
    op(
        "different_values",
        ("the number of different values[ of {x}]",),
        0.6,
        (),
        INT,
        expr=lambda w, x: size(prim("distinct", INTS, prim("values", INTS, x))),
    ),
    op(
        "key_of_largest",
        ('the key[ of {x}] with the largest value, the first if tied ("" if it is empty)',),
        1.0,
        (),
        STR,
        **best_key("max"),
    ),
    op(
        "key_of_smallest",
        ('the key[ of {x}] with the smallest value, the first if tied ("" if it is empty)',),
        0.8,
        (),
        STR,
        **best_key("min"),
    ),
    op(
        "joined_keys",
        ("join the keys[ of {x}] in their order into one string",),
        0.6,
        (),
        STR,
        expr=lambda w, x: prim("join", STR, EMPTY, prim("keys", STRS, x)),
    ),
    op("entries_text", ('write the entries[ of {x}] as "key=value" joined with ","',), 0.6, (), STR, expr=text_of),
    op(
        "repeat_keys",
        (
            "join the keys[ of {x}] into one string, each repeated as often as its value says (at most 9 times, not at all if it is below 1)",
        ),
        0.6,
        (),
        STR,
        expr=repeated_keys,
        loop=repeated_keys_loop,
    ),
    op(
        "has_key_constant",
        ("whether {0} is a key[ of {x}]",),
        0.25,
        (KEY,),
        BOOL,
        expr=lambda w, x, k: prim("has_key", BOOL, x, k),
    ),
    op(
        "all_values_positive",
        ("whether all values[ of {x}] are positive (True if it is empty)",),
        0.2,
        (),
        BOOL,
        expr=lambda w, x: reduced("all", gt(V, ZERO), Each(V, prim("values", INTS, x))),
    ),
]


def prim_le(v: Expr, k: Expr) -> Expr:
    from assay.forge.operations.short import le

    return le(v, k)


__all__ = ["OPERATIONS", "W", "ge", "is_empty", "sub"]
