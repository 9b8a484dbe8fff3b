"""Answers that are an expression: what upstream lets through, and what is judged outside the jail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.judge.checks import PredictionCheck
from assay.judge.judge import Judge
from assay.judge.verdict import Verdict, VerdictKind
from judging import LIMITS

K = VerdictKind
OUTPUT = PredictionCheck(
    predicts="output",
    code="def f(numbers):\n    return [2 * n for n in numbers]",
    input="[1, 2]",
    output="[2, 4]",
    limits=LIMITS,
)
INPUT = replace(OUTPUT, predicts="input")


def both(judge: Judge, check: PredictionCheck, answer: str) -> tuple[Verdict, Verdict]:
    return judge.judge(replace(check, official=True), answer), judge.judge(check, answer)


@pytest.mark.parametrize(
    ("answer", "official", "hardened"),
    [
        ("[2, 4]", K.accepted, K.accepted),
        ("[2,4.0] # as computed", K.accepted, K.accepted),
        ("[2, 5]", K.wrong_answer, K.wrong_answer),
        ("3 or True", K.accepted, K.wrong_answer),
        ("3; import os", K.wrong_answer, K.compile_error),
        ("[2, 4]; import os", K.accepted, K.compile_error),
        ("type('E', (), {'__eq__': lambda *_: True})()", K.accepted, K.wrong_answer),
        ("f( [1, 2] )", K.accepted, K.wrong_answer),
        ("f([1, 2])", K.wrong_answer, K.wrong_answer),
        ("[2, 4", K.compile_error, K.compile_error),
        ("{[]: 1}", K.runtime_error, K.wrong_answer),
        ("9" * 70_000, K.compile_error, K.wrong_answer),
        ("[" * 5_000 + "]" * 5_000, K.compile_error, K.compile_error),
        ("0x" + "f" * 60_000, K.wrong_answer, K.wrong_answer),
        ("+".join("1" * 900), K.wrong_answer, K.wrong_answer),
        ("+".join("1" * 30_000), K.compile_error, K.wrong_answer),
    ],
)
def test_a_predicted_output_is_a_literal_and_compared_outside(
    judge: Judge, answer: str, official: VerdictKind, hardened: VerdictKind
) -> None:
    assert [verdict.kind for verdict in both(judge, OUTPUT, answer)] == [official, hardened]


def test_a_tuple_without_parentheses_is_a_value_to_the_hardened_rules_only(judge: Judge) -> None:
    check = replace(OUTPUT, code="def f(a):\n    return a, a", input="1", output="(1, 1)")
    assert [verdict.kind for verdict in both(judge, check, "1, 1")] == [K.wrong_answer, K.accepted]


@pytest.mark.parametrize(
    ("answer", "official", "hardened"),
    [
        ("f([1, 2])", K.accepted, K.accepted),
        ("f(numbers=[1, 2])", K.accepted, K.accepted),
        ("f(list(range(1, 3)))", K.accepted, K.accepted),
        ("f(*[[1, 2]])", K.accepted, K.accepted),
        ("f([1, 3])", K.wrong_answer, K.wrong_answer),
        ("f(1)", K.runtime_error, K.runtime_error),
        ("f(['a', 'b'])", K.wrong_answer, K.wrong_answer),
        ("f(undefined)", K.runtime_error, K.runtime_error),
        ("f([0]) or True", K.accepted, K.wrong_answer),
        ("[2, 4] or f(1)", K.accepted, K.wrong_answer),
        ("f([1, 2]); import os", K.accepted, K.compile_error),
        ("f(f.__setattr__('__code__', (lambda n: [2, 4]).__code__))", K.accepted, K.wrong_answer),
        ("f(globals().update(f=0) or [1, 2])", K.accepted, K.accepted),
        ("f(object())", K.runtime_error, K.wrong_answer),
        ("[1, 2]", K.wrong_answer, K.wrong_answer),
        ("g([1, 2])", K.wrong_answer, K.wrong_answer),
        ("f([1, 2]", K.compile_error, K.compile_error),
        ("f(__import__('os')._exit(0))", K.early_exit, K.early_exit),
        ("f([n for n in iter(int, 1)])", K.time_limit, K.time_limit),
        ("f([0x" + "f" * 60_000 + "])", K.wrong_answer, K.wrong_answer),
        (f"f([{'+'.join('1' * 900)}, 2])", K.wrong_answer, K.compile_error),
        (f"f([{'+'.join('1' * 30_000)}])", K.compile_error, K.compile_error),
    ],
)
def test_a_predicted_input_is_one_call_whose_arguments_are_plain_values(
    judge: Judge, answer: str, official: VerdictKind, hardened: VerdictKind
) -> None:
    check = replace(INPUT, limits=LIMITS.with_cpu_s(0.5))
    assert [verdict.kind for verdict in both(judge, check, answer)] == [official, hardened]


@pytest.mark.parametrize(
    ("check", "answer"), [(OUTPUT, "f([1, 2])"), (INPUT, "[1, 2]")], ids=["repeats the question", "calls nothing"]
)
def test_what_upstream_leaves_out_is_marked_in_official_only(judge: Judge, check: PredictionCheck, answer: str) -> None:
    official, hardened = both(judge, check, answer)
    assert official.flags == ("skipped",)
    assert hardened.flags == ()


def test_a_function_as_argument_stays_in_one_process_and_is_flagged(judge: Judge) -> None:
    code = "def f(numbers, keep):\n    return [n for n in numbers if keep(n)]"
    check = replace(INPUT, code=code, input="[1, 2], lambda n: n > 1", output="[2]", in_process=True)
    for answer, kind in (("f([2, 0], lambda n: n)", K.accepted), ("f([1], lambda n: n)", K.wrong_answer)):
        verdict = judge.judge(check, answer)
        assert (verdict.kind, verdict.flags) == (kind, ("in_process",))


def test_the_detail_names_the_value_that_came_and_the_one_that_was_to_come(judge: Judge) -> None:
    assert judge.judge(OUTPUT, "[2, 5]").detail == "the answer is [2, 5], not [2, 4]"
    assert judge.judge(INPUT, "f([0])").detail == "f is [0], not [2, 4]"


def test_time_for_arguments_and_for_the_call_is_added(judge: Judge) -> None:
    plain, worked_out = judge.judge(INPUT, "f([1, 2])"), judge.judge(INPUT, "f([sum(range(10**7)) * 0 + 1, 2])")
    assert worked_out.passed
    assert worked_out.cpu_s > plain.cpu_s + 0.01
