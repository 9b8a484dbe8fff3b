"""Looking at Python source without running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable


def parse(source: str) -> ast.Module:
    """The syntax tree, without the parser's warnings: an invalid escape in a program is not the user's concern.

    Raises SyntaxError or ValueError for text that is no Python, and MemoryError or RecursionError for nesting that is
    too deep for CPython's parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def try_parse(source: str) -> ast.Module | None:
    """The syntax tree, or None for text that has none, whatever it holds. The caller bounds its length."""
    try:
        return parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def bound_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Names that top-level statements bind; "*" for a star import."""
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
        else:
            names.update(n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return names
