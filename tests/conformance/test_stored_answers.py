"""Benchmarks that store a right and a wrong program for each task: the right ones pass, the wrong ones never do."""

from __future__ import annotations

import pytest

from assay.judge.checks import UnavailableCheck
from assay.tasks.catalog import load
from evaluated import RULE_SETS, SLOW, data_folder, evaluate, some_tasks

# Programs that loop until their CPU limit of 10 s, under both rule sets.
LOOPING = {"quixbugs": {"bitcount", "sqrt"}, "humanevalfix:python": {"Python/10", "Python/156", "Python/160"}}
TASKS = {"quixbugs": 40, "humanevalfix:python": 164}
PREDICTIONS = {"cruxeval:input": 800, "cruxeval:output": 800}
# Tests that hold at one time or on one machine only: a date in 2024, and the name of the authors' computer.
NEVER_RIGHT = {"ClassEval_17", "ClassEval_48"}
INFILLING = {
    "humaneval-infilling:single-line": 1033,
    "humaneval-infilling:random-span": 1640,
    "humaneval-infilling:random-span-light": 164,
}


def fast_tasks(benchmark: str) -> tuple[str, ...]:
    """All but the looping ones; with $ASSAY_SLOW all, which is written ()."""
    return () if SLOW else tuple(t for t in some_tasks(benchmark, 1) if t not in LOOPING[benchmark])


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("benchmark", TASKS)
def test_every_reference_is_accepted(benchmark: str, rule_set: str) -> None:
    found = evaluate(benchmark, "gold")
    assert found.failures(rule_set) == {}
    assert found.summary[rule_set]["judged"] == TASKS[benchmark]


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("benchmark", TASKS)
def test_no_buggy_program_is_accepted(benchmark: str, rule_set: str) -> None:
    found = evaluate(benchmark, "buggy", fast_tasks(benchmark))
    assert found.passed(rule_set) == set()
    assert found.summary["harness_errors"] == 0
    assert len(found.rows) == TASKS[benchmark] - (0 if SLOW else len(LOOPING[benchmark]))


@pytest.mark.parametrize("name", ["humanevalfix-docs", "humanevalexplain", "humanevalsynthesize"])
def test_the_other_kinds_of_humanevalpack_check_the_same_way(name: str) -> None:
    found = evaluate(f"{name}:python", "gold", some_tasks(f"{name}:python"))
    assert found.failures("official") == found.failures("hardened") == {}


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("benchmark", PREDICTIONS)
def test_the_stored_inputs_and_outputs_are_right_answers(benchmark: str, rule_set: str) -> None:
    chosen = some_tasks(benchmark)
    found = evaluate(benchmark, "gold", chosen)
    assert found.failures(rule_set) == {}
    assert len(found.rows) == (len(chosen) or PREDICTIONS[benchmark])


@pytest.mark.parametrize("rule_set", RULE_SETS)
@pytest.mark.parametrize("benchmark", INFILLING)
def test_what_was_taken_out_fits_in_again(benchmark: str, rule_set: str) -> None:
    chosen = some_tasks(benchmark)
    found = evaluate(benchmark, "gold", chosen)
    assert found.failures(rule_set) == {}
    assert len(found.rows) == (len(chosen) or INFILLING[benchmark])


@pytest.mark.parametrize("rule_set", RULE_SETS)
def test_classes_of_classeval_pass_but_for_the_two_whose_tests_are_wrong(rule_set: str) -> None:
    every = 1 if SLOW else 9
    chosen = [t for t in load("classeval", data_folder()).tasks if not isinstance(t.checks[rule_set], UnavailableCheck)]
    assert len(chosen) == 88
    wanted = [task.task_id for task in chosen]
    found = evaluate("classeval", "gold", tuple(t for t in wanted if t in NEVER_RIGHT or t in wanted[::every]))
    assert found.failures(rule_set).keys() == NEVER_RIGHT
