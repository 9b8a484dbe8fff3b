"""Lists of ints to one value: sums, extremes, differences, runs."""

from __future__ import annotations

from assay.forge.ir import INT, INTS, HelperCall
from assay.forge.operations.operation import Operation, Writer
from assay.forge.operations.short import (
    ONE,
    ZERO,
    Cond,
    Each,
    Expr,
    Var,
    X,
    add,
    at,
    ends,
    gt,
    inc,
    is_empty,
    loop,
    lt,
    prim,
    same,
    set_,
    some,
    when,
)

A = Var("a", INTS)


def _sum(w: Writer, x: Expr) -> Expr:
    return prim("sum", INT, x)


def _sum_loop(w: Writer, x: Expr) -> Expr:
    total = w.new("total", ZERO)
    w.add(loop(Each(X, x), inc(total, X)))
    return total


def _sum_helper(w: Writer, x: Expr) -> Expr:
    name = w.helper(
        ("add_up", "total_of"),
        (A,),
        INT,
        lambda name: (
            when(is_empty(A), ends(ZERO)),
            ends(add(at(A, ZERO), HelperCall(name, (same("drop", A, ONE),), INT))),
        ),
    )
    return HelperCall(name, (x,), INT)


def _extreme(kind: str) -> dict:  # type: ignore[type-arg]
    def expr(w: Writer, x: Expr) -> Expr:
        return prim(f"{kind}_or", INT, x, ZERO)

    def by_test(w: Writer, x: Expr) -> Expr:
        return Cond(some(x), prim(kind, INT, x), ZERO)

    def by_loop(w: Writer, x: Expr) -> Expr | None:
        if not w.last:
            return by_test(w, x)
        w.add(when(is_empty(x), ends(ZERO)))
        best = w.new("best", at(x, ZERO))
        w.add(loop(Each(X, x), when((gt if kind == "max" else lt)(X, best), set_(best, X))))
        return best

    return {"expr": expr, "while": by_test, "loop": by_loop}


OPERATIONS: list[Operation] = [
    Operation(
        "sum",
        (INTS,),
        INT,
        ("the sum[ of {x}]", "the sum of all numbers[ in {x}]"),
        {"expr": _sum, "loop": _sum_loop, "helper": _sum_helper},
        weight=2.0,
    ),
    Operation("max", (INTS,), INT, ("the largest number[ in {x}] (0 if it is empty)",), _extreme("max"), weight=1.5),
    Operation("min", (INTS,), INT, ("the smallest number[ in {x}] (0 if it is empty)",), _extreme("min"), weight=1.5),
]
