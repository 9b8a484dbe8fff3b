"""Answers that are tests: a right program must pass them all, wrong programs must each fail one.

The tests are never run. Each is read as data, a call with literal arguments and a literal value; the known programs are
called in the jail, and what they return is compared outside.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assay.judge.calls import same_value
from assay.judge.checks import SuiteCheck
from assay.judge.failure import Failure, Shown, from_outcome, one_line
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.session import CallSession, Ended, Reply, Tampered
from assay.sandbox.warm import Zygote

BASE = "base"
MAX_CHARS = 64 * 1024  # of an answer
# How other languages spell truth values.
_TRUTH = {"true": True, "false": False}
_short = Shown()
_short.maxlevel, _short.maxstring, _short.maxlist, _short.maxdict = 3, 60, 8, 8


@dataclass(frozen=True)
class ReadTest:
    """One test of an answer: what the function is called with, and what it is expected to return."""

    arguments: tuple[Any, ...]
    expected: Any


@dataclass
class _Used:
    """CPU and wall seconds, and memory, of all sessions of one verdict, and the flags of how they ended."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: int = 0
    flags: tuple[str, ...] = ()

    def verdict(self, kind: VerdictKind, detail: str, base: bool) -> Verdict:
        parts = ((BASE, VerdictKind.accepted if base else VerdictKind.wrong_answer),)
        used = round(self.cpu_s, 6), round(self.wall_s, 6), self.peak_bytes
        return Verdict(kind, detail, *used, flags=self.flags, parts=parts)


def judge_suite(zygote: Zygote, check: SuiteCheck, answer: str) -> Verdict:
    """Judge the tests in one answer. Raises ZygoteDied."""
    tests = read_tests(answer, check.function)[: check.most_tests]
    used = _Used()
    if not tests:
        said = f"no test of {check.function} with literal values on both sides"
        return used.verdict(VerdictKind.no_code, said, False)
    try:
        failed = _first_failure(zygote, check, check.reference, tests, used)
        if failed is not None:
            number, said = failed
            return used.verdict(VerdictKind.wrong_answer, f"test {number} of {len(tests)} is wrong: {said}", False)
        found = sum(_first_failure(zygote, check, bug, tests, used) is not None for bug in check.bugs)
    except Failure as failure:
        return used.verdict(failure.kind, failure.detail, False)
    if found == len(check.bugs):
        return used.verdict(VerdictKind.accepted, "", True)
    said = f"{len(tests)} tests find {found} of {len(check.bugs)} bugs"
    return used.verdict(VerdictKind.wrong_answer, said, found > 0)


def read_tests(text: str, function: str) -> list[ReadTest]:
    """The tests in a text, in order: assertions of `function(...) == value` with literals, wherever they stand.

    Also read are `assert function(...)` with and without `not`, `is` in place of `==`, `assertEqual(function(...),
    value)`, comparisons without `assert`, and true and false in small letters. Whatever else stands there is passed
    over. A text that does not parse as a whole, for example because it was cut short, is read line by line.
    """
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS]
    trees = [tree] if (tree := _parsed(text)) else [tree for line in text.split("\n") if (tree := _parsed(line))]
    return [test for tree in trees for node in _in_order(tree) if (test := _test(node, function))]


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text.strip())
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _in_order(node: ast.AST) -> Iterator[ast.stmt]:
    """Every statement below a node, in the order of the text."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
            yield from _in_order(child)


def _test(node: ast.stmt, function: str) -> ReadTest | None:
    if isinstance(node, ast.Assert):
        return _asserted(node.test, function)
    if not isinstance(node, ast.Expr):
        return None
    said = node.value
    if isinstance(said, ast.Call) and isinstance(said.func, ast.Attribute) and said.func.attr == "assertEqual":
        return _pair(said.args[0], said.args[1], function) if len(said.args) > 1 else None
    return _asserted(said, function) if isinstance(said, ast.Compare) else None


def _asserted(said: ast.expr, function: str) -> ReadTest | None:
    if isinstance(said, ast.UnaryOp) and isinstance(said.op, ast.Not):
        return _with_value(said.operand, False, function)
    if isinstance(said, ast.Compare) and len(said.ops) == 1 and isinstance(said.ops[0], ast.Eq | ast.Is):
        return _pair(said.left, said.comparators[0], function)
    return _with_value(said, True, function)


def _pair(left: ast.expr, right: ast.expr, function: str) -> ReadTest | None:
    call, value = (left, right) if _calls(left, function) else (right, left)
    try:
        return _with_value(call, _literal(value), function)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None


def _with_value(call: ast.expr, expected: Any, function: str) -> ReadTest | None:
    if not (isinstance(call, ast.Call) and _calls(call, function)) or call.keywords:
        return None
    try:
        return ReadTest(tuple(_literal(each) for each in call.args), expected)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return None


def _calls(node: ast.expr, function: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function


class _Truth(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(_TRUTH[node.id]) if node.id in _TRUTH else node


def _literal(node: ast.expr) -> Any:
    return ast.literal_eval(_Truth().visit(node))


def _first_failure(
    zygote: Zygote, check: SuiteCheck, program: str, tests: list[ReadTest], used: _Used
) -> tuple[int, str] | None:
    """(number, what happened) of the first test that the program fails. Raises Failure where the harness did."""
    limits = check.limits.with_cpu_s(check.limits.cpu_s * len(tests))
    failed = None
    with CallSession(zygote, program, limits, per_call=[check.limits.cpu_s] * len(tests)) as session:
        for number, test in enumerate(tests, 1):
            said = _failure(session, check.function, test, used)
            if said:
                failed = number, said
                break
        session.close()
        if session.outcome is not None:
            used.cpu_s += session.outcome.cpu_s
            used.wall_s += session.outcome.wall_s
            used.peak_bytes = max(used.peak_bytes, session.outcome.peak_bytes)
    return failed


def _failure(session: CallSession, function: str, test: ReadTest, used: _Used) -> str:
    shown = f"{function}({', '.join(_short.repr(each) for each in test.arguments)})"
    try:
        reply = session.call(function, list(test.arguments), {})
    except Ended as end:
        why = from_outcome(end.outcome)
        if why.kind is VerdictKind.harness_error:  # says nothing about the test
            raise why from None
        if "wall" in why.flags:  # perhaps a busy machine's fault: whoever can judges again
            used.flags = why.flags
        return one_line(f"{shown} ended with {end.outcome.status.value}")
    except (Tampered, ValueError) as error:
        return one_line(f"{shown}: {error}")
    if reply.kind != "value":
        return one_line(f"{shown} raises {_raised(reply)}")
    if same_value(reply.body, test.expected):
        return ""
    return one_line(f"{shown} is {_short.repr(reply.body)}, not {_short.repr(test.expected)}")


def _raised(reply: Reply) -> str:
    return str(reply.body[0]) if isinstance(reply.body, list) and reply.body else reply.kind
