"""Mutants of Python programs, made in the syntax tree: operators, constants, off-by-one, conditions, statements."""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable, Iterator

from assay.tasks.mutants.mutant import Mutant, Site
from assay.tasks.syntax import parse

_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
# An edit changes a node in place and says what it did.
_Edit = Callable[[], str]


def sites(source: str) -> Iterator[Site]:
    """Every place where a fault can be put into a program. Raises SyntaxError for text that is no Python."""
    tree = parse(source)
    for index, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 1)
        for number in range(len(list(_edits(node)))):
            yield Site(line, functools.partial(_make, tree, line, index, number))


def _make(tree: ast.Module, line: int, index: int, number: int) -> Mutant:
    """The program with one edit of its node number `index` carried out."""
    changed = copy.deepcopy(tree)
    node = next(each for place, each in enumerate(ast.walk(changed)) if place == index)
    words = list(_edits(node))[number]()
    return Mutant(f"{ast.unparse(ast.fix_missing_locations(changed))}\n", f"line {line}: {words}")


def _edits(node: ast.AST) -> Iterator[_Edit]:
    """What can be done to one node."""
    if isinstance(node, ast.BinOp | ast.AugAssign | ast.BoolOp) and type(node.op) in _OPERATORS:
        yield _other_operator(node)
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in _OPERATORS:
                yield _other_comparison(node, place)
    if isinstance(node, ast.Constant) and _is_number_or_truth(node.value):
        yield _other_constant(node)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("len", "range")
        and node.args
    ):
        yield _one_less(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield _negated(node)
    if isinstance(node, ast.Return) and node.value is not None:
        yield _returns_none(node)
    for name in ("body", "orelse", "finalbody"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            for place, statement in enumerate(statements):
                if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.If | ast.For | ast.While) and not (
                    isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
                ):
                    yield _dropped(statements, place)


def _is_number_or_truth(value: object) -> bool:
    return isinstance(value, bool | int | float)


def _other_operator(node: ast.BinOp | ast.AugAssign | ast.BoolOp) -> _Edit:
    def edit() -> str:
        old = node.op
        node.op = _OPERATORS[type(old)]()  # type: ignore[assignment]
        return f"{type(old).__name__} became {type(node.op).__name__}"

    return edit


def _other_comparison(node: ast.Compare, place: int) -> _Edit:
    def edit() -> str:
        old = node.ops[place]
        node.ops[place] = _OPERATORS[type(old)]()  # type: ignore[call-overload]
        return f"{type(old).__name__} became {type(node.ops[place]).__name__}"

    return edit


def _other_constant(node: ast.Constant) -> _Edit:
    def edit() -> str:
        old = node.value
        node.value = not old if isinstance(old, bool) else old + 1  # type: ignore[operator]
        return f"{old!r} became {node.value!r}"

    return edit


def _one_less(node: ast.Call) -> _Edit:
    """Of a length, or of the end of a range."""

    def edit() -> str:
        before = ast.unparse(node)
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            place = 0 if len(node.args) == 1 else 1
            node.args[place] = ast.BinOp(node.args[place], ast.Sub(), ast.Constant(1))
            return f"{before} became {ast.unparse(node)}"
        call = copy.copy(node)
        node.func, node.args = (
            ast.Name("max", ast.Load()),
            [ast.BinOp(call, ast.Sub(), ast.Constant(1)), ast.Constant(0)],
        )
        return f"{before} became one less"

    return edit


def _negated(node: ast.If | ast.While | ast.IfExp) -> _Edit:
    def edit() -> str:
        node.test = ast.UnaryOp(ast.Not(), node.test)
        return "the condition was negated"

    return edit


def _returns_none(node: ast.Return) -> _Edit:
    def edit() -> str:
        node.value = None
        return "nothing is returned"

    return edit


def _dropped(statements: list[ast.stmt], place: int) -> _Edit:
    def edit() -> str:
        words = ast.unparse(statements[place]).partition("\n")[0][:40]
        statements[place] = ast.Pass()
        return f"{words!r} was dropped"

    return edit
