"""CRUXEval: two questions about one row."""

from __future__ import annotations

import pytest

from assay.judge.checks import PredictionCheck
from assay.tasks.catalog import canonical_task_id
from assay.tasks.cruxeval import task_from_row

ROW = {"id": "sample_3", "code": "def f(a, b):\n    return a + b", "input": "'x', 'y'", "output": "'xy'"}


def test_input_prediction_hides_the_input_and_takes_a_call() -> None:
    task = task_from_row(ROW, "input")
    assert "assert f(??) == 'xy'\n[/PYTHON]\n[ANSWER]\n" in task.prompt
    assert "'x', 'y'" not in task.prompt + task.instruction
    assert (task.reference, task.expects) == ("f('x', 'y')", "call")


def test_output_prediction_hides_the_output_and_takes_a_literal() -> None:
    task = task_from_row(ROW, "output")
    assert "assert f('x', 'y') == ??\n[/PYTHON]\n[ANSWER]\n" in task.prompt
    assert "'xy'" not in task.prompt + task.instruction
    assert (task.reference, task.expects) == ("'xy'", "literal")


@pytest.mark.parametrize("predicts", ["input", "output"])
def test_both_rule_sets_check_the_same_row(predicts: str) -> None:
    official, hardened = (task_from_row(ROW, predicts).checks[rules] for rules in ("official", "hardened"))
    assert isinstance(official, PredictionCheck) and isinstance(hardened, PredictionCheck)
    assert (official.official, hardened.official) == (True, False)
    assert official.predicts == hardened.predicts == predicts


@pytest.mark.parametrize(
    ("arguments", "in_process"),
    [("[1], 'a'", False), ("dict(a=1), 'b' * 3", False), ("lambda x: x", True), ("range(3)", True), ("name[:]", True)],
)
def test_only_arguments_that_are_no_plain_data_need_the_answers_process(arguments: str, in_process: bool) -> None:
    check = task_from_row(ROW | {"input": arguments}, "input").checks["hardened"]
    assert isinstance(check, PredictionCheck) and check.in_process is in_process


def test_ids_may_be_numbers() -> None:
    assert canonical_task_id("cruxeval:output", 3) == canonical_task_id("cruxeval:input", "3") == "sample_3"
