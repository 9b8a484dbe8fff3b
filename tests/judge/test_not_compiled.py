"""What is no Python gets its verdict from the compiling process, the same as from a child, and no child is started."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.judge.checks import ScriptCheck
from assay.judge.contest import CallCheck, CallTest
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.compiler import Compiler
from assay.sandbox.warm import Zygote
from judging import ADD, LIMITS, differential, stub

CHECKS = {
    "calls": CallCheck("f", (CallTest((1,), 1), CallTest((2,), 2)), limits=LIMITS),
    "stubs": stub("assert f(1) == 1\ntry:\n    f(2)\nexcept Exception:\n    pass\n"),
    "differential": differential("def f(x):\n    return x\n", [[1], [2]], [[3]]),
    "script": ScriptCheck("assert f(1) == 1", LIMITS),
}
NO_PYTHON = {
    "no expression": "def f(x):\n    return x +\n",
    "indentation": "def f(x):\nreturn x\n",
    "tabs": "def f(x):\n\tif x:\n        return x\n",
    "return outside": "return 1\n",
    "NUL": "def f(x):\n    return x\0\n",
    "two stars": "def f(*a, *b):\n    return a\n",
    "prose": "Here is the function you asked for:\n",
    "an f-string": "def f(x):\n    return f'{x'\n",
}


@pytest.mark.parametrize("program", NO_PYTHON.values(), ids=NO_PYTHON.keys())
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_verdict_is_that_of_a_child(judge: Judge, check, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    begin = Zygote.begin

    def counted(self, *args, **kwargs):
        begun.append(args)
        return begin(self, *args, **kwargs)

    judge.judge(check, ADD)  # a reference is run once, before
    monkeypatch.setattr(Zygote, "begin", counted)
    found = judge.judge(check, program)
    assert found.kind is VerdictKind.compile_error and not begun
    monkeypatch.setattr(Compiler, "compile", lambda self, source: None)
    by_a_child = judge.judge(check, program)
    assert begun and by_a_child.cpu_s > 0
    assert replace(found, cpu_s=0, wall_s=0, peak_bytes=0) == replace(by_a_child, cpu_s=0, wall_s=0, peak_bytes=0)


def test_what_may_be_the_compiling_process_s_own_limit_is_tried_by_a_child(judge: Judge) -> None:
    deep = "def f(x):\n    return " + "-" * 60_000 + "x\n"  # nested deeper than any compiler goes
    verdict = judge.judge(CHECKS["calls"], deep)
    assert verdict.kind is VerdictKind.compile_error and verdict.cpu_s > 0, verdict


def test_an_answer_of_the_compiling_process_that_is_none_is_not_believed(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.sandbox import wire

    monkeypatch.setattr(wire, "receive_frame", lambda _socket: b'e["SyntaxError"]')
    verdict = judge.judge(CHECKS["calls"], "def f(x):\n    return x\n")
    assert verdict.passed, verdict
