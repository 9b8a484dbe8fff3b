"""A verdict that is not `accepted` keeps the end of what the program printed, for people who ask why."""

from __future__ import annotations

import pytest

from assay.judge.checks import Check, InProcessCheck, ScriptCheck
from assay.judge.judge import Judge
from judging import LIMITS, differential, stub

CHECKS = {
    "stub": stub("assert f(1) == 2"),
    "differential": differential("def f(x): return x + 1", [[1]]),
    "script": ScriptCheck("assert f(1) == 2", LIMITS),
    "in_process": InProcessCheck(tests=("assert f(1) == 2",), expected_tests=1, limits=LIMITS),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_what_a_wrong_answer_printed_is_kept(judge: Judge, check: Check) -> None:
    program = "import sys\ndef f(x):\n    print('x is', x, file=sys.stderr)\n    return 7\n"
    assert judge.judge(check, program).output == "x is 1"


def test_of_a_long_output_the_end_is_kept(judge: Judge) -> None:
    program = "def f(x):\n    print('é' * 5_000 + 'the end', flush=True)\n    return 7\n"
    output = judge.judge(CHECKS["stub"], program).output
    assert output.endswith("éé" + "the end")
    assert len(output) == 2000


def test_what_a_right_answer_printed_is_not_kept(judge: Judge) -> None:
    verdict = judge.judge(CHECKS["stub"], "def f(x):\n    print('busy', flush=True)\n    return 2\n")
    assert verdict.passed
    assert verdict.output == ""
    assert "output" not in verdict.as_json()
