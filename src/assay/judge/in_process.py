"""Programs whose tests share their process: upstream's way (`official`), and under a nonce with exact counts."""

from __future__ import annotations

import re
from typing import Any

from assay.judge.checks import InProcessCheck, ScriptCheck
from assay.judge.failure import Failure, from_exception, from_load, from_outcome, one_line, with_resources
from assay.judge.verdict import Verdict, VerdictKind
from assay.sandbox.program import Status
from assay.sandbox.session import Tampered, one_shot
from assay.sandbox.warm import Zygote

FLAG = "in_process"


def judge_script(zygote: Zygote, check: ScriptCheck, program: str) -> Verdict:
    """Candidate and tests are one program; it passes when it reaches its end. Raises ZygoteDied."""
    if check.static_methods:
        program = _with_static_methods(program)
    source = f"{program}\n{check.tests}"
    try:
        frame, outcome = one_shot(zygote, "script", source, check.limits)
    except Tampered as error:
        return Verdict(VerdictKind.tampered, str(error))
    failure: Failure | None
    if frame is None or outcome.status is Status.output_limit:
        failure = from_outcome(outcome)
    elif frame == ["done"]:
        failure = None
    elif _is_load_failure(frame):
        failure = _explain_script(frame, source, program.count("\n") + 1)
    else:
        failure = Failure(VerdictKind.tampered, "a report of a kind that does not exist")
    return with_resources(failure, outcome)


def _with_static_methods(program: str) -> str:
    """Decide by the text of each line what is a static method, as ClassEval's harness does (`add_static_statement`)."""
    lines = []
    for line in program.split("\n"):
        if "@staticmethod" in line:
            continue
        if re.match(" {4}def ", line) and "self" not in line and "cls" not in line:
            lines.append("    @staticmethod")
        lines.append(line)
    return "\n".join(lines)


def _is_load_failure(frame: list[Any]) -> bool:
    return len(frame) == 5 and frame[0] in ("compile", "load") and [type(x) for x in frame[1:]] == [str, str, int, int]


def _explain_script(frame: list[Any], source: str, candidate_lines: int) -> Failure:
    kind, name, _message, line, _number = frame
    if kind == "load" and name == "AssertionError" and line > candidate_lines:
        return Failure(VerdictKind.wrong_answer, _statement(source, line))
    if kind == "load":
        return from_exception(frame[1:])
    return from_load(kind, frame[1:])


def _statement(source: str, line: int) -> str:
    import ast

    try:
        nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Assert) and n.lineno <= line]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = []
    inner = max(nodes, key=lambda node: node.lineno, default=None)
    return one_line((ast.get_source_segment(source, inner) if inner else None) or f"line {line}")


def judge_in_process(zygote: Zygote, check: InProcessCheck, program: str) -> Verdict:
    """Run tests beside the candidate. A pass needs the nonce, every test run, none skipped, and canaries that behaved.

    Raises ZygoteDied.
    """
    try:
        frame, outcome = one_shot(
            zygote,
            "tests",
            program,
            check.limits,
            nonce_later=True,
            setup=check.setup,
            tests=list(check.tests),
            unittest_source=check.unittest_source,
        )
    except Tampered as error:
        return Verdict(VerdictKind.tampered, str(error), flags=(FLAG,))
    if frame is None or outcome.status is Status.output_limit:
        failure: Failure | None = from_outcome(outcome)
    elif _is_load_failure(frame):
        failure = from_load(frame[0], frame[1:])
    else:
        failure = _read_report(frame, check.expected_tests)
    return with_resources(failure, outcome, (FLAG,))


def _read_report(frame: list[Any], expected_tests: int) -> Failure | None:
    if len(frame) != 3 or frame[0] != "tests" or type(frame[1]) is not list or type(frame[2]) is not bool:
        return Failure(VerdictKind.tampered, "a report of a kind that does not exist")
    if not frame[2]:
        return Failure(VerdictKind.tampered, "an assertion that must fail did not fail (the test library was changed)")
    passed = 0
    for row in frame[1]:
        if type(row) is not list or len(row) != 3 or type(row[0]) is not str:
            return Failure(VerdictKind.tampered, "a malformed test report")
        name, outcome, description = row
        if outcome == "ok":
            passed += 1
            continue
        if outcome == "skipped":
            return Failure(VerdictKind.tampered, f"{one_line(name, 150)} was skipped")
        if type(description) is not list or [type(x) for x in description] != [str, str, int, int]:
            return Failure(VerdictKind.tampered, "a malformed test report")
        if outcome == "failed":
            reason = f" — {one_line(description[1], 100)}" if description[1] else ""
            return Failure(VerdictKind.wrong_answer, one_line(name, 200) + reason)
        return from_exception(description, f"{one_line(name, 150)} — ")
    if passed != expected_tests:
        return Failure(VerdictKind.tampered, f"{passed} of {expected_tests} tests were run")
    return None
