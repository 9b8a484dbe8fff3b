"""Tests that must share the candidate's process: exact counts, a nonce, and a flag on every verdict."""

from __future__ import annotations

import pytest

from assay.judge.checks import InProcessCheck, ScriptCheck
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from judging import ADD, LIMITS

K = VerdictKind
ASSERTS = InProcessCheck(
    setup="big = 10 ** 9",
    tests=("assert add(2, 3) == 5", "assert add(big, 1) == big + 1"),
    expected_tests=2,
    limits=LIMITS,
)
CASES = InProcessCheck(
    unittest_source="""
import unittest

class TestAdd(unittest.TestCase):
    def setUp(self):
        self.two = 2

    def test_small(self):
        self.assertEqual(add(self.two, 3), 5)

    def test_sub(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertEqual(add(n, 1), n + 1)
""",
    expected_tests=2,
    limits=LIMITS,
)
BOTH = pytest.mark.parametrize("check", [ASSERTS, CASES], ids=["asserts", "unittest"])


@BOTH
def test_right_and_wrong_candidates(judge: Judge, check: InProcessCheck) -> None:
    right = judge.judge(check, ADD)
    assert right.passed
    wrong = judge.judge(check, "def add(a, b): return a - b")
    assert wrong.kind is K.wrong_answer
    assert "in_process" in right.flags
    assert "in_process" in wrong.flags


@BOTH
@pytest.mark.parametrize(
    "program, kinds",
    [
        ("def add(a, b): return 1 / 0", {K.runtime_error}),
        ("def add(a, b): raise SystemExit(0)", {K.early_exit}),
        ("import os\ndef add(a, b): os._exit(0)", {K.early_exit}),
        ("import os; os._exit(0)", {K.early_exit}),
        ("def add(a, b:", {K.compile_error}),
        ("def add(a, b):\n    while True: pass", {K.time_limit}),
        ("import unittest\ndef add(a, b): raise unittest.SkipTest", {K.tampered, K.runtime_error}),
        ("import os\ndef add(a, b): os.write(3, b'x' * 50); return a + b", {K.tampered}),
        ("x = 1", {K.runtime_error}),
    ],
)
def test_ends_and_their_verdicts(judge: Judge, check: InProcessCheck, program: str, kinds: set[VerdictKind]) -> None:
    verdict = judge.judge(check, program)
    assert verdict.kind in kinds, verdict
    assert "in_process" in verdict.flags


def test_fewer_tests_than_expected_are_no_pass(judge: Judge) -> None:
    check = InProcessCheck(tests=("assert add(2, 3) == 5",), expected_tests=2, limits=LIMITS)
    assert judge.judge(check, ADD).kind is K.tampered


def test_a_changed_test_library_is_noticed(judge: Judge) -> None:
    program = "import unittest\nunittest.TestCase.assertEqual = lambda *a: None\ndef add(a, b): return 0"
    assert judge.judge(CASES, program).kind is K.tampered


def test_the_official_script_passes_when_it_reaches_its_end(judge: Judge) -> None:
    check = ScriptCheck("def check(c):\n    assert c(2, 3) == 5\n\ncheck(add)\n", LIMITS)
    assert judge.judge(check, ADD).passed
    wrong = judge.judge(check, "def add(a, b): return 0")
    assert (wrong.kind, wrong.detail) == (K.wrong_answer, "assert c(2, 3) == 5")
    assert judge.judge(check, "import sys\nsys.exit(0)").kind is K.early_exit
    assert judge.judge(check, "import os\nos._exit(0)").kind is K.early_exit
    assert judge.judge(check, "assert False").kind is K.runtime_error
    assert judge.judge(check, "def add(a, b:").kind is K.compile_error


def test_a_forged_end_of_the_script_is_no_pass(judge: Judge) -> None:
    check = ScriptCheck("assert add(2, 3) == 5", LIMITS)
    forged = (
        "import os, struct\nbody = b'[\"0000000000000000\",\"done\"]'\nos.write(3, struct.pack('>I', len(body)) + body)"
    )
    assert judge.judge(check, forged).kind is K.tampered
