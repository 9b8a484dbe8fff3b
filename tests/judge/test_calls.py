"""Functions called with stored arguments, their answers compared outside the jail."""

from __future__ import annotations

import dataclasses

import pytest

from assay.judge.contest import CallCheck, CallTest
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.program import Limits

TESTS = (CallTest(([3, 1, 2],), [1, 2, 3]), CallTest(([],), []), CallTest(([5, 5],), [5, 5]))
CHECK = CallCheck("Solution.order", TESTS, "from typing import *\nimport math\n", limits=Limits(cpu_s=1.0))
OFFICIAL = dataclasses.replace(CHECK, official=True)
RIGHT = "class Solution:\n    def order(self, xs: List[int]) -> List[int]:\n        return sorted(xs)\n"


@pytest.mark.parametrize("check", [CHECK, OFFICIAL])
@pytest.mark.parametrize(
    "program",
    [
        RIGHT,
        "def order(xs):\n    return sorted(xs)",
        "class Solution:\n    def order(self, xs):\n        return tuple(sorted(xs))",
        "class Solution:\n def __init__(self):\n  self.n = math.pi\n def order(self, xs):\n  return sorted(xs)",
    ],
)
def test_a_right_answer_is_accepted(judge: Judge, check: CallCheck, program: str) -> None:
    verdict = judge.judge(check, program)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("program", "kind", "detail"),
    [
        (
            "class Solution:\n def order(self, xs): return xs",
            "wrong_answer",
            "test 1 of 3: expected [1, 2, 3], got [3, 1",
        ),
        ("class Solution:\n def order(self, xs): return sorted(set(xs))", "wrong_answer", "test 3 of 3"),
        (
            "class Solution:\n def order(self, xs): return sorted(xs) if xs else 1 / 0",
            "runtime_error",
            "test 2 of 3: Zero",
        ),
        ("class Solution:\n def sort(self, xs): return sorted(xs)", "no_code", "does not define Solution.order"),
        ("def sort(xs): return sorted(xs)", "no_code", "does not define Solution.order"),
        (
            "class Solution:\n def order(self, xs):\n  while xs: pass\n  return []",
            "time_limit",
            "test 1 of 3: used 1 CPU sec",
        ),
        ("class Solution:\n def order(self, xs): return iter(sorted(xs))", "wrong_answer", "unserialisable"),
        ("class Solution(:", "compile_error", "test 1 of 3: SyntaxError"),
        ("import os\nos._exit(0)", "early_exit", "test 1 of 3"),
        (
            "class Anything(list):\n def __eq__(self, other): return True\n"
            "class Solution:\n def order(self, xs): return Anything()",
            "wrong_answer",
            "test 1 of 3",
        ),
    ],
)
def test_a_wrong_answer_is_told_with_its_test(judge: Judge, program: str, kind: str, detail: str) -> None:
    for check in (CHECK, OFFICIAL):
        verdict = judge.judge(check, program)
        assert verdict.kind.value == kind
        assert detail in verdict.detail


def test_every_call_has_cpu_seconds_of_its_own(judge: Judge) -> None:
    slow = (
        "import time\nclass Solution:\n def order(self, xs):\n  t = time.process_time() + 0.6\n"
        "  while time.process_time() < t: pass\n  return sorted(xs)"
    )
    assert judge.judge(CHECK, slow).passed
    later = "class Solution:\n def order(self, xs):\n  while not xs: pass\n  return sorted(xs)"
    verdict = judge.judge(CHECK, later)
    assert verdict.kind is VerdictKind.time_limit
    assert verdict.detail.startswith("test 2 of 3: used 1 CPU seconds for one input")


def test_upstream_keeps_one_instance_and_hardened_rules_make_one_for_every_call(judge: Judge) -> None:
    grows = (
        "class Solution:\n def __init__(self): self.xs = []\n"
        " def order(self, xs):\n  self.xs += xs\n  return sorted(self.xs)"
    )
    assert judge.judge(CHECK, grows).passed
    assert judge.judge(OFFICIAL, grows).kind is VerdictKind.wrong_answer


@pytest.mark.parametrize(
    ("expected", "returned", "official", "hardened"),
    [
        ("True", "1", True, False),
        ("1", "True", True, False),
        ("5.0", "5", True, True),
        ("0.3", "0.1 + 0.2", False, True),
        ("[[1]]", "[(1,)]", False, True),
        ("[1]", "(1,)", True, True),
        ("'a'", "'a'", True, True),
        ("None", "0", False, False),
        ("{'a': 1}", "{'a': 1}", True, True),
        ("[1.0, 2.0]", "[1, 2]", True, True),
    ],
)
def test_how_values_are_compared(judge: Judge, expected: str, returned: str, official: bool, hardened: bool) -> None:
    check = CallCheck("f", (CallTest((), eval(expected)),))
    program = f"def f():\n    return {returned}"
    assert judge.judge(check, program).passed is hardened
    assert judge.judge(dataclasses.replace(check, official=True), program).passed is official


def test_imports_from_the_future_work_behind_a_preamble_but_not_upstream(judge: Judge) -> None:
    program = f"from __future__ import annotations\n{RIGHT.replace('List', 'Liste')}"
    assert judge.judge(CHECK, program).passed
    assert judge.judge(OFFICIAL, program).kind is VerdictKind.compile_error
