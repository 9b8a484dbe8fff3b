"""Whether tests can fail at all: the asserts that are reached when their module is executed.

An approximation by names over the syntax tree, on the generous side: whatever code that runs mentions may be called.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
# Code that uses these may call what it does not name.
_DYNAMIC = frozenset(("dir", "eval", "exec", "getattr", "globals", "locals", "vars"))
_FAILING = frozenset(("abort", "exit", "_exit", "fail", "quit", "raises"))


@dataclass(frozen=True)
class Reach:
    """What runs when tests are executed.

    can_fail: whether an assert is among it, or a `raise`, or a call that by its name ends tests. unused_check: whether
    there is a function `check` at the top that holds asserts, as HumanEval's tests do, and nothing mentions it.
    """

    can_fail: bool
    unused_check: bool


def reach(tests: ast.Module, setup: ast.Module | None = None) -> Reach:
    """What runs of tests, with the functions that a set-up defined before.

    Of a class that is mentioned all methods count. Code under `if __name__ == "__main__"` does not run: tests are not
    executed as the main program. Nor does unittest.main find test cases there.
    """
    definitions: dict[str, list[ast.stmt]] = {}
    for tree in (setup, tests):
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, _DEFINITIONS):
                definitions.setdefault(node.name, []).extend(_called_body(node))
    own = frozenset(definitions)
    can_fail, waiting = False, list[ast.AST](tests.body)
    while waiting:
        node = waiting.pop()
        can_fail = can_fail or _fails(node, own)
        mentioned = _mentioned(node)
        for name in list(definitions) if mentioned in _DYNAMIC else [mentioned]:
            waiting += definitions.pop(name, ())
        waiting += _executed(node, own)
    checks = [node for node in tests.body if _is_check(node)] if "check" in definitions else []
    return Reach(can_fail, any(isinstance(node, ast.Assert) for check in checks for node in ast.walk(check)))


def defines_check(tests: ast.Module) -> bool:
    """Whether they define `check(candidate)`, to be called with the answer's function."""
    return any(_is_check(node) for node in tests.body)


def _is_check(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "check"


def _called_body(definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.stmt]:
    """What runs when it is called; all methods of a class."""
    if not isinstance(definition, ast.ClassDef):
        return definition.body
    return [line for method in definition.body if isinstance(method, _FUNCTIONS) for line in method.body]


def _executed(node: ast.AST, own: frozenset[str]) -> list[ast.AST]:
    """Parts of a node that run where it stands: a function's defaults and decorators, but not its body."""
    if isinstance(node, _FUNCTIONS):
        # A decorator of the tests' own may call what it decorates.
        decorated = any(_mentioned(part) in own for one in node.decorator_list for part in ast.walk(one))
        return [node.args, *node.decorator_list, *(node.body if decorated else ())]
    if isinstance(node, ast.If) and _asks_for_main(node.test):
        return list(node.orelse)
    return list(ast.iter_child_nodes(node))


def _asks_for_main(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, *test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


def _mentioned(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Load) else ""
    return node.attr if isinstance(node, ast.Attribute) else ""


def _fails(node: ast.AST, own: frozenset[str]) -> bool:
    if isinstance(node, ast.Assert | ast.Raise):
        return True
    name = _mentioned(node.func) if isinstance(node, ast.Call) else ""
    # As assert_allclose of numpy; what the tests define under such a name is looked into instead.
    return name not in own and (name.startswith("assert") or name in _FAILING)
