"""A Python function without its names: two functions with one normal form do the same in the same way.

Names are numbered in the order in which they occur; docstrings, annotations, decorators and formatting are dropped.
Names of builtins, attributes and constants stay: `sum(x)` and `max(x)` are not copies of each other.
"""

from __future__ import annotations

import ast
import builtins
import hashlib

from assay.corpus.syntax import Function, body_without_docstring

_BUILTINS = frozenset(dir(builtins))
_SKIPPED = {"annotation", "returns", "decorator_list", "type_comment", "ctx", "kind", "type_params", "simple"}
OUTSIDE_NAME = 2
Outline = tuple[int, tuple[str, ...]]


def outline(node: Function) -> Outline:
    """What can be seen at a glance and no renaming changes: how many parameters, and what its statements are like."""
    return len(_parameters(node)), tuple(
        _kind(statement) for statement in body_without_docstring(node) if not _is_bare(statement)
    )


def fingerprint(node: Function) -> tuple[str, int]:
    """(hash of the normal form, how much it says: its syntax nodes, less some for every name from outside).

    `return f(a) == f(b)` says little, whatever f is called; but a copy renames the helpers that it calls, too.
    """
    names: dict[str, str] = {}
    bound = _bound(node)
    parts: list[str] = []
    for parameter in _parameters(node):
        names[parameter] = f"${len(names)}"
    names[node.name] = "$f"
    count = sum(_write(statement, names, bound, parts) for statement in body_without_docstring(node))
    arguments = node.args
    for default in (*arguments.defaults, *filter(None, arguments.kw_defaults)):
        _write(default, names, bound, parts)
    shape = f"{len(_parameters(node))}{bool(arguments.vararg)}{bool(arguments.kwarg)}"
    outside = len(names.keys() - bound - {node.name, *_parameters(node)})
    count -= OUTSIDE_NAME * outside
    return hashlib.sha256((shape + "".join(parts)).encode("utf-8", "surrogatepass")).hexdigest()[:32], count


def _is_bare(statement: ast.stmt) -> bool:
    """`name: type` alone, which says nothing."""
    return isinstance(statement, ast.AnnAssign) and statement.value is None


def _parameters(node: Function) -> list[str]:
    """Without `self` and `cls`: a function may have been put into a class."""
    arguments = node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    return names + [argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument]


def _bound(node: Function) -> set[str]:
    """Every name that is bound anywhere inside."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store | ast.Del):
            found.add(inner.id)
        elif isinstance(inner, ast.arg):
            found.add(inner.arg)
        elif isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
            found.add(inner.name or "")
        elif isinstance(inner, ast.alias) and inner.asname is not None:
            found.add(inner.asname)
    return found


def _kind(statement: ast.stmt) -> str:
    name = "Assign" if isinstance(statement, ast.AnnAssign) else type(statement).__name__
    value, body = getattr(statement, "value", None), getattr(statement, "body", None)
    inside = len(body) if isinstance(body, list) and not isinstance(statement, Function | ast.ClassDef) else ""
    return f"{name} {type(value).__name__ if value is not None else ''}{inside}"


def _write(node: ast.AST, names: dict[str, str], bound: set[str], parts: list[str]) -> int:
    """Append the normal form of a node to `parts`; how many nodes it has."""
    if isinstance(node, ast.AnnAssign):
        if node.value is None:
            return 0
        node = ast.Assign([node.target], node.value)
    parts.append(f"({type(node).__name__}")
    count = 1
    body = body_without_docstring(node) if isinstance(node, Function | ast.ClassDef) else None
    for field, value in ast.iter_fields(node):
        if field in _SKIPPED:
            continue
        if field == "body" and body is not None:
            value = body
        if isinstance(value, str) and _is_name(node, field):
            kept = value in _BUILTINS and value not in bound and value not in names
            parts.append(value if kept else names.setdefault(value, f"${len(names)}"))
        elif isinstance(value, list):
            parts.append("[")
            count += sum(_write(item, names, bound, parts) for item in value if isinstance(item, ast.AST))
            parts.extend(f"{item!r}," for item in value if not isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
            count += _write(value, names, bound, parts)
        else:
            parts.append(f"{value!r},")
    parts.append(")")
    return count


def _is_name(node: ast.AST, field: str) -> bool:
    return (
        (isinstance(node, ast.Name) and field == "id")
        or (isinstance(node, ast.arg) and field == "arg")
        or (isinstance(node, Function | ast.ClassDef | ast.ExceptHandler) and field == "name")
        or (isinstance(node, ast.alias) and field == "asname")
    )
