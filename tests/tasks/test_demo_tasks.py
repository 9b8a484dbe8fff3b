"""The built-in benchmark: its references are right, its examples are true, and its recorded answers are labelled."""

import ast
import doctest
import json
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest

from assay.judge.checks import ScriptCheck, StubCheck
from assay.judge.verdict import VerdictKind
from assay.tasks import demo
from assay.tasks.task import RULE_SETS, Task

BENCHMARK = demo.load()
ANSWERS = [json.loads(line) for line in demo.answers_path().read_text(encoding="utf-8").splitlines()]

RUN_ALL = """
import json, sys, traceback
for name, program in json.load(sys.stdin):
    try:
        exec(compile(program, name, "exec"), {})
    except BaseException:
        print(json.dumps([name, traceback.format_exc()]))
"""


@cache
def failures() -> dict[str, str]:
    """Task id -> what went wrong when its reference met its tests, in a Python of their own (both are ours)."""
    programs = [(task.task_id, task.reference + "\n" + official(task).tests) for task in BENCHMARK.tasks]
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(json.loads(line) for line in done.stdout.splitlines())


def official(task: Task) -> ScriptCheck:
    check = task.checks["official"]
    assert isinstance(check, ScriptCheck)
    return check


def test_there_are_36_tasks_with_different_ids_names_and_prompts():
    assert [task.task_id for task in BENCHMARK.tasks] == [f"demo/{number:02}" for number in range(36)]
    assert len({task.entry_point for task in BENCHMARK.tasks}) == 36
    assert len({task.prompt for task in BENCHMARK.tasks}) == 36
    assert BENCHMARK.name == "demo"
    assert len(BENCHMARK.data_sha256) == 64


@pytest.mark.parametrize("task", BENCHMARK.tasks, ids=lambda task: task.entry_point)
def test_the_reference_passes_its_tests(task):
    assert task.task_id not in failures(), failures()[task.task_id]


@pytest.mark.parametrize("task", BENCHMARK.tasks, ids=lambda task: task.entry_point)
def test_the_examples_in_the_prompt_agree_with_the_reference(task):
    namespace = {"__name__": "reference"}
    exec(task.reference, namespace)
    examples = doctest.DocTestFinder().find(namespace[task.entry_point], task.entry_point, globs=namespace)
    runner = doctest.DocTestRunner(verbose=False)
    for example in examples:
        runner.run(example)
    assert runner.tries > 0
    assert runner.failures == 0


@pytest.mark.parametrize("task", BENCHMARK.tasks, ids=lambda task: task.entry_point)
def test_the_tests_hold_six_to_twelve_asserts_and_more_than_the_examples(task):
    check = ast.parse(official(task).tests).body[0]
    assert isinstance(check, ast.FunctionDef)
    asserts = [node for node in ast.walk(check) if isinstance(node, ast.Assert)]
    assert 6 <= len(asserts) <= 12
    assert len(asserts) > task.prompt.count(">>>")


@pytest.mark.parametrize("task", BENCHMARK.tasks, ids=lambda task: task.entry_point)
def test_a_function_that_returns_nothing_fails(task):
    namespace = {}
    exec(task.prompt + "    return None\n" + "\n" + official(task).tests.rpartition("\ncheck(")[0], namespace)
    with pytest.raises((AssertionError, TypeError)):
        namespace["check"](namespace[task.entry_point])


def test_both_rule_sets_ask_the_same_tests_and_the_stub_is_the_entry_point():
    for task in BENCHMARK.tasks:
        assert set(task.checks) == set(RULE_SETS)
        hardened = task.checks["hardened"]
        assert isinstance(hardened, StubCheck)
        assert hardened.tests == official(task).tests
        assert hardened.context == task.reference
        assert hardened.stubs == (task.entry_point,)


def test_every_task_has_two_recorded_answers_with_a_note():
    keys = [(row["task_id"], row["sample"]) for row in ANSWERS]
    assert sorted(keys) == [(task.task_id, sample) for task in BENCHMARK.tasks for sample in (0, 1)]
    assert all(row["note"] for row in ANSWERS)


def test_the_expected_verdicts_are_a_plausible_mix():
    expected = Counter(row["expect"] for row in ANSWERS)
    kinds = {kind for expect in expected for kind in expect.split(" | ")}
    assert kinds <= set(VerdictKind)
    assert 0.60 <= expected["accepted"] / len(ANSWERS) <= 0.65
    assert expected["time_limit"] == 1
    cheats = [row for row in ANSWERS if row["note"].startswith("cheat")]
    assert len(cheats) == 6
    assert all(row["expect"] != "accepted" for row in cheats)


def test_answers_that_are_labelled_right_or_malformed_parse_accordingly():
    prompts = {task.task_id: task.prompt for task in BENCHMARK.tasks}
    for row in ANSWERS:
        completion = row["completion"]
        if "```" in completion:
            program = completion.partition("```python\n")[2].partition("```")[0]
        else:
            program = prompts[row["task_id"]] + completion
        try:
            ast.parse(program)
        except SyntaxError:
            assert row["expect"] == "compile_error", row["task_id"]
        else:
            assert row["expect"] != "compile_error", row["task_id"]
