"""Does it parse? Python by `ast`, JSON and TOML by the standard library; what Python files define and import."""

from __future__ import annotations

import ast
import json
import tomllib
import warnings
from collections.abc import Iterator

from assay.corpus.draft import Draft
from assay.corpus.rules import Dropped

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
# OpenCoder has a rule on the share of `pass`; this is its sense for whole functions.
STUB_SHARE, LEAST_FUNCTIONS = 0.6, 4


def check(draft: Draft) -> None:
    """Parse the text; of Python keep the tree, the imports and how much is documented."""
    try:
        if draft.language == "python":
            _python(draft)
        elif draft.language == "json":
            json.loads(draft.text)
        elif draft.language == "toml":
            tomllib.loads(draft.text)
    except (SyntaxError, ValueError) as error:
        line = f"line {error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else ""
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        raise Dropped("syntax error", f"{line}{message}"[:200]) from None
    except (RecursionError, MemoryError):
        raise Dropped("syntax error", "nested too deeply for the parser") from None


def _python(draft: Draft) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's string is not ours to tell
        draft.tree = tree = ast.parse(draft.text)
    draft.definitions = found = tuple(definitions(tree))
    functions = [node for node in found if isinstance(node, Function)]
    draft.imports = tuple(dict.fromkeys(_imports(tree)))
    documented = [node for node in (tree, *found) if ast.get_docstring(node, clean=False)]
    draft.signals |= {
        "functions": len(functions),
        "documented": len(documented) / (1 + len(found)),
        "docstrings": sum(_docstring_size(node) for node in documented) / len(draft.text),
    }
    stubs = sum(map(is_stub, functions))
    if len(functions) >= LEAST_FUNCTIONS and stubs > STUB_SHARE * len(functions) and not draft.path.endswith(".pyi"):
        raise Dropped("stubs", f"{stubs} of {len(functions)} functions")


def definitions(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """Every function and class, in order, whatever blocks they stand in; expressions are not looked into."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef):
            yield node
        for name in ("handlers", "finalbody", "orelse", "body"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                waiting.extend(reversed(inner))


def body_without_docstring(node: Function | ast.ClassDef | ast.Module) -> list[ast.stmt]:
    """The statements of a definition after its docstring."""
    first = node.body[0] if node.body else None
    has = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return node.body[1:] if has else node.body


def is_stub(node: Function) -> bool:
    """Whether a function does nothing: `pass`, `...`, or raising NotImplementedError."""
    body = body_without_docstring(node)
    if not body:
        return True
    if len(body) > 1:
        return False
    (only,) = body
    if isinstance(only, ast.Raise):
        called = only.exc.func if isinstance(only.exc, ast.Call) else only.exc
        return isinstance(called, ast.Name) and called.id == "NotImplementedError"
    return isinstance(only, ast.Pass) or (isinstance(only, ast.Expr) and isinstance(only.value, ast.Constant))


def _docstring_size(node: ast.AST) -> int:
    assert isinstance(node, _DOCUMENTED)
    return len(ast.get_docstring(node, clean=False) or "")


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            # `from package import module` names a module too; which it is, only the repository can tell.
            yield from (f"{base}{'' if base.endswith('.') else '.'}{alias.name}" for alias in node.names)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements that run when the module is imported: not those inside functions."""
    waiting: list[ast.stmt] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Function):
            continue
        for name in ("orelse", "body"):
            waiting.extend(reversed(getattr(node, name, None) or ()))
        for handler in getattr(node, "handlers", ()):
            waiting.extend(reversed(handler.body))
