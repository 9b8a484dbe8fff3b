"""Answers that are tests: how they are read, and what they must find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.judge.checks import SuiteCheck
from assay.judge.judge import Judge
from assay.judge.suite import read_tests
from assay.judge.verdict import VerdictKind
from judging import LIMITS

K = VerdictKind
CHECK = SuiteCheck(
    function="f",
    reference="def f(a, b):\n    return a + b\n",
    bugs=("def f(a, b):\n    return a - b\n", "def f(a, b):\n    return a + b if b else 1 / 0\n"),
    limits=replace(LIMITS, cpu_s=0.5),
)


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        ("assert f(1, 2) == 3\nassert f(1, 0) == 1\n", K.accepted, ""),
        ("def test_f():\n    assert f(1, 2) == 3, 'sum'\n    assert 1 == f(1, 0)\n", K.accepted, ""),
        ("assert f(1, 2) == 3", K.wrong_answer, "1 tests find 1 of 2 bugs"),
        ("assert f(1, 2) == 4", K.wrong_answer, "test 1 of 1 is wrong: f(1, 2) is 3, not 4"),
        ("assert f(1, 2) == 3.5\nassert f(1, 0) == 1", K.wrong_answer, "test 1 of 2 is wrong: f(1, 2) is 3, not 3.5"),
        ("assert f(1) == 1", K.wrong_answer, "test 1 of 1 is wrong: f(1) raises TypeError"),
        ("assert True", K.no_code, "no test of f with literal values on both sides"),
        ("import os\nos._exit(0)\nf = lambda *a: a", K.no_code, "no test of f with literal values on both sides"),
        ("assert f(1, 2) == f(2, 1)", K.no_code, "no test of f with literal values on both sides"),
        ("", K.no_code, "no test of f with literal values on both sides"),
    ],
)
def test_tests_must_hold_and_find_every_bug(judge: Judge, answer: str, kind: VerdictKind, detail: str) -> None:
    verdict = judge.judge(CHECK, answer)
    assert (verdict.kind, verdict.detail) == (kind, detail)


def test_a_bug_that_does_not_end_is_found(judge: Judge) -> None:
    check = replace(CHECK, bugs=("def f(a, b):\n    while True:\n        pass\n",))
    assert judge.judge(check, "assert f(1, 2) == 3").passed


def test_the_part_base_says_whether_any_bug_is_found(judge: Judge) -> None:
    assert judge.judge(CHECK, "assert f(1, 2) == 3").parts == (("base", K.accepted),)
    assert judge.judge(CHECK, "assert f(1, 2) == 4").parts == (("base", K.wrong_answer),)


@pytest.mark.parametrize(
    ("line", "tests"),
    [
        ("assert f([1], 'a') == {'a': -1}", [(([1], "a"), {"a": -1})]),
        ("assert f(true) == false", [((True,), False)]),
        ("assert f(1) is True", [((1,), True)]),
        ("assert not f(1)", [((1,), False)]),
        ("assert f(1)", [((1,), True)]),
        ("f(1) == 2", [((1,), 2)]),
        ("self.assertEqual(f(1), 2)", [((1,), 2)]),
        ("assert g(1) == 2", []),
        ("assert f(x) == 2", []),
        ("assert f(k=1) == 2", []),
        ("assert f(1) == 2\nassert f(3) == 4\nassert f(5) ==", [((1,), 2), ((3,), 4)]),
        ("assert f(((((" * 50_000, []),
    ],
)
def test_assertions_are_read_as_data(line: str, tests: list[tuple[object, object]]) -> None:
    assert [(test.arguments, test.expected) for test in read_tests(line, "f")] == tests
