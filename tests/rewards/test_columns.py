"""Rows of data sets as trainers hold them become tasks whose tests reward an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.judge.checks import InProcessCheck, StubCheck
from assay.judge.contest import CallCheck, StdioCheck
from assay.rewards.columns import task_from_row

TEST_CASE = "class Tests(unittest.TestCase):\n    def test_f(self):\n        assert f(1) == 2\n"
CHECK = "def check(candidate):\n    assert candidate(2, 3) == 5\n"


def hardened(row: dict[str, Any]) -> Any:
    return task_from_row(row).checks["hardened"]


def test_humaneval_columns_are_judged_outside_the_jail() -> None:
    for test in (CHECK, CHECK.replace("check(", "check (")):
        task = task_from_row({"test": test, "entry_point": "add"})
        assert task.checks["hardened"] == StubCheck("", f"{test}\ncheck(add)", ("add",))
        assert not task.join_prompt


def test_a_prompt_that_begins_the_function_is_continued() -> None:
    prompt = "HELP = 1\n\ndef add(a, b):\n"
    task = task_from_row({"test": CHECK, "entry_point": "add", "prompt": prompt})
    assert task.join_prompt and task.prompt == prompt
    check = task.checks["hardened"]
    assert isinstance(check, StubCheck) and check.context.startswith("HELP = 1")


@pytest.mark.parametrize(
    "prompt", ["Write add(a, b).", [{"role": "user", "content": "def add(a, b):"}], "def sub(a):\n", ""]
)
def test_any_other_prompt_is_not(prompt: object) -> None:
    assert not task_from_row({"test": CHECK, "entry_point": "add", "prompt": prompt}).join_prompt


def test_mbpp_asserts_tell_what_they_call() -> None:
    row = {"test_list": ["assert area(2, 3) == 6", "assert [area(n, 1) for n in range(2)] == [0, 1]"]}
    check = hardened(row)
    assert isinstance(check, StubCheck) and check.stubs == ("area",)
    assert task_from_row(row).entry_point == "area"


def test_asserts_with_imports_of_their_own() -> None:
    check = hardened({"test_list": ["assert math.isclose(half(1), 0.5)"], "test_imports": ["import math"]})
    assert isinstance(check, StubCheck) and check.stubs == ("half",) and check.context == "import math"


@pytest.mark.parametrize(
    "row",
    [
        {"test_list": ["assert isinstance(make(), Pair)"]},
        {"test_list": ["assert total(root) == 3"], "test_setup_code": "root = Node(1)"},
        {"test_list": ["assert sum([1, 2]) == 3"]},
    ],
)
def test_asserts_that_use_more_than_its_functions_share_its_process(row: dict[str, Any]) -> None:
    assert isinstance(hardened(row), InProcessCheck)


def test_pairs_of_input_and_output_are_whole_programs_in_any_language() -> None:
    for row in (
        {"inputs": ["1 2"], "outputs": ["3"]},
        {"ground_truth": json.dumps({"inputs": ["1 2"], "outputs": ["3"]})},
        {"test_cases": [{"input": "1 2", "output": "3", "type": "stdin_stdout"}]},
        {"verification_info": {"language": "c++", "test_cases": [{"input": "1 2", "output": "3"}]}},
    ):
        task = task_from_row(row)
        check = task.checks["hardened"]
        assert isinstance(check, StdioCheck) and isinstance(check.tests, tuple)
        assert (check.tests[0].stdin, check.tests[0].expected) == (b"1 2", b"3")
        assert task.any_language
    assert task.language == "cpp"


def test_pairs_of_arguments_and_results_are_calls() -> None:
    for row in (
        {"tests": [[[1, [2, 3]], 6]], "entry_point": "total"},
        {"tests": "[[[1, [2, 3]], 6]]", "entry_point": "total"},
        {"inputs": ["1\n[2, 3]"], "outputs": ["6"], "fn_name": "total"},
        {"inputs": [[1, [2, 3]]], "outputs": [6], "fn_name": "total"},
    ):
        check = hardened(row)
        called = "Solution.total" if "fn_name" in row else "total"
        assert isinstance(check, CallCheck) and check.entry_point == called and isinstance(check.tests, tuple)
        assert check.tests[0].args == (1, [2, 3]) and check.tests[0].expected == 6


@pytest.mark.parametrize(
    ("inputs", "outputs", "expected"),
    [
        ([[1], [2]], [["YES"], [["NO"]]], ["YES", ["NO"]]),  # as APPS and TACO store them
        ([[1], [2]], [[1], [1, 2]], [[1], [1, 2]]),
        ([["123"]], ["321"], ["321"]),
        (["123"], ["321"], [321]),
        (["123"], ["[321]"], [[321]]),
    ],
)
def test_results_of_calls_are_what_their_row_means(inputs: list[Any], outputs: list[Any], expected: list[Any]) -> None:
    check = hardened({"fn_name": "f", "inputs": inputs, "outputs": outputs})
    assert isinstance(check.tests, tuple) and [test.expected for test in check.tests] == expected


def test_text_as_ground_truth_does_not_replace_the_tests_of_a_row() -> None:
    reference = "def area(a, b):\n    assert a > 0\n    return a * b\nassert area(1, 1)\n"
    for row in (
        {"test_list": ["assert area(2, 3) == 6"]},
        {"test": "assert area(2, 3) == 6"},
        {"inputs": ["2 3"], "outputs": ["6"]},
        {"input_output": {"inputs": ["2 3"], "outputs": ["6"]}},
    ):
        assert task_from_row({**row, "ground_truth": reference}).checks == task_from_row(row).checks
    for row in ({}, {"test": ""}, {"test_list": []}):
        check = hardened({**row, "ground_truth": "assert area(2, 3) == 6"})
        assert isinstance(check, StubCheck) and check.tests == "assert area(2, 3) == 6"


def test_imports_of_tests_may_be_one_text() -> None:
    check = hardened({"test_list": ["assert math.isclose(half(1), 0.5)"], "test_imports": "import math"})
    assert isinstance(check, StubCheck) and check.context == "import math"


def test_folders_are_read_for_whoever_opened_the_reward_and_for_no_row(tmp_path: Path) -> None:
    row = {"task_id": "a", "benchmark": str(tmp_path)}
    with pytest.raises(AssayError, match="may not name"):
        task_from_row(row)
    with pytest.raises(AssayError, match=f"{tmp_path}.*task.toml"):
        task_from_row({"task_id": "a"}, str(tmp_path))


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def test_an_id_is_looked_up_in_its_benchmark() -> None:
    task = task_from_row({"task_id": "demo/00"})
    assert task.entry_point == "page_address" and task.join_prompt
    assert task_from_row({"task_id": "demo/00", "benchmark": "demo"}) is task
    assert task_from_row({"task_id": "anything", "test": CHECK, "entry_point": "add"}).entry_point == "add"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "no tests"),
        ({"prompt": "p", "answer": "a"}, "its columns are prompt, answer"),
        ({"test_list": ["add(1, 2)"]}, "no assert"),
        ({"test_list": ["assert ("]}, "not Python"),
        ({"test_list": "assert add(1, 2) == 3"}, "must be a list"),
        ({"inputs": ["1"], "outputs": []}, "1 inputs and 0 outputs"),
        ({"inputs": ["1"], "outputs": ["1"], "language": "klingon"}, "'klingon'"),
        ({"tests": [[[1], 2]]}, "no entry_point"),
        ({"tests": [[1, 2]], "entry_point": "f"}, "a pair"),
        ({"test_cases": [{"input": "1"}]}, "'input' and 'output'"),
        ({"task_id": "demo/99"}, "no task"),
        ({"task_id": "x"}, "column 'benchmark'"),
        ({"test_list": ["assert f()"], "cpu_s": 0}, "cpu_s"),
        ({"test": CHECK}, "nothing calls it.*`entry_point`"),
        ({"test": "def test_f():\n    assert f(1) == 2\n"}, "no assert that is ever reached"),
        ({"test": f"import unittest\n{TEST_CASE}"}, "no assert that is ever reached"),
        ({"test": "def check(c):\n    c(1)\n", "entry_point": "f"}, "check of a row reaches no assert"),
        ({"test": CHECK, "entry_point": "add\ud800"}, "must be the name of a function"),
        ({"test_list": ["assert f()"], "test_imports": 5}, "test_imports is int"),
        ({"test_cases": "[" * 200_000}, "test_cases is str"),
        ({"tests": [[[nested(900)], 1]], "entry_point": "f"}, "nested deeper than 100"),
        ({"inputs": [nested(2000)], "outputs": ["1"]}, "nested too deep"),
        ({"inputs": ["\ud800"], "outputs": ["1"]}, "half a surrogate pair"),
        ({"task_id": "a", "benchmark": "./x"}, "a row or a request may not name"),
        ({"task_id": "a", "benchmark": "src"}, "There is no benchmark 'src'. Known"),
    ],
)
def test_rows_that_cannot_reward_anything_are_refused_in_words(row: dict[str, Any], says: str) -> None:
    with pytest.raises(AssayError, match=says):
        task_from_row(row)
