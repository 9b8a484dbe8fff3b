"""Faults put into a program of the intermediate representation, so that every language can show the same one.

Operators, comparisons, constants and bounds are changed, statements are dropped; types stay as they are. Whether a
variant is a bug only running it shows, and for that Python is enough: all languages do the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random
from typing import Any

from assay.forge import ir

_OPERATORS = {
    "+": ("-",),
    "-": ("+",),
    "*": ("+",),
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
    "and": ("or",),
    "or": ("and",),
}
_PRIMITIVES = {
    "min2": "max2",
    "max2": "min2",
    "min": "max",
    "max": "min",
    "min_or": "max_or",
    "max_or": "min_or",
    "sorted": "sorted_desc",
    "sorted_desc": "sorted",
    "take": "drop",
    "drop": "take",
    "upper": "lower",
    "lower": "upper",
    "starts_with": "ends_with",
    "ends_with": "starts_with",
}
# Their constants must stay what their preconditions say.
_LEFT_ALONE = frozenset(
    ("take_last", "every", "chr", "split", "find", "count_str", "replace", "at", "slice", "repeat", "take", "drop")
)


def faults(program: ir.Program, rng: Random, count: int) -> list[tuple[ir.Program, str]]:
    """(variant, kind of fault) of `count` places at most, no two variants the same."""
    found = list(_variants(program.main.body))
    rng.shuffle(found)
    chosen: list[tuple[ir.Program, str]] = []
    for body, kind in found:
        variant = dataclasses.replace(program, main=dataclasses.replace(program.main, body=body))
        if all(variant != other for other, _ in chosen):
            chosen.append((variant, kind))
            if len(chosen) == count:
                break
    return chosen


def _variants(node: Any) -> Iterator[tuple[Any, str]]:
    """A node, or tuple of nodes, with one fault in it, for every place where one can be."""
    if isinstance(node, tuple):
        for place, part in enumerate(node):
            for variant, kind in _variants(part):
                yield (*node[:place], variant, *node[place + 1 :]), kind
            if isinstance(part, ir.Augment | ir.Append | ir.If) and len(node) > 1:
                yield (*node[:place], *node[place + 1 :]), "dropped_step"
        return
    if not dataclasses.is_dataclass(node) or isinstance(node, ir.Type):
        return
    yield from _of_node(node)
    if isinstance(node, ir.Prim) and node.name in _LEFT_ALONE:
        for variant, kind in _variants(node.args[:1]):
            yield _with(node, "args", (*variant, *node.args[1:])), kind
        return
    for name, value in _fields(node):
        for variant, kind in _variants(value):
            yield _with(node, name, variant), kind


def _with(node: Any, name: str, value: Any) -> Any:
    return dataclasses.replace(node, **{name: value})


def _fields(node: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(node, field.name)) for field in dataclasses.fields(node)]


def _of_node(node: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(node, ir.Bin):
        if node.op in ("+",) and node.type != ir.INT:
            return
        for op in _OPERATORS.get(node.op, ()):
            if op in ir.COMPARISONS and op not in ("==", "!=") and node.left.type.kind not in ("int", "str"):
                continue
            yield dataclasses.replace(node, op=op), "off_by_one" if {op, node.op} in _BOUNDS else "operator"
    elif isinstance(node, ir.Augment) and node.op in ("+", "-", "*") and node.value.type == ir.INT:
        yield dataclasses.replace(node, op=_OPERATORS[node.op][0]), "operator"
    elif isinstance(node, ir.Const) and isinstance(node.value, bool):
        yield ir.Const(not node.value), "constant"
    elif isinstance(node, ir.Const) and isinstance(node.value, int):
        yield ir.Const(node.value + 1), "constant" if abs(node.value) > 1 else "off_by_one"
        if node.value > 1:
            yield ir.Const(node.value - 1), "constant"
    elif isinstance(node, ir.Prim) and node.name in _PRIMITIVES:
        yield dataclasses.replace(node, name=_PRIMITIVES[node.name]), "operator"
    elif isinstance(node, ir.Prim) and node.name == "reversed":
        yield node.args[0], "dropped_step"
    elif isinstance(node, ir.Comp):
        if node.test is not None and node.kind in ("list", "sum", "join"):
            yield dataclasses.replace(node, test=None), "dropped_step"
        if node.kind in ("any", "all"):
            yield dataclasses.replace(node, kind="all" if node.kind == "any" else "any"), "operator"
        elif node.kind in ("min", "max"):
            yield dataclasses.replace(node, kind="max" if node.kind == "min" else "min"), "operator"
    elif isinstance(node, ir.SortBy):
        yield dataclasses.replace(node, reverse=not node.reverse), "operator"
    elif isinstance(node, ir.BestBy):
        yield dataclasses.replace(node, kind="max" if node.kind == "min" else "min"), "operator"


_BOUNDS = ({"<", "<="}, {">", ">="})
