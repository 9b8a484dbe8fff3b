"""QuixBugs: asserts outside the jail, unless they hand over objects or the answer is a generator."""

from __future__ import annotations

from assay.judge.checks import InProcessCheck, ScriptCheck, StubCheck
from assay.tasks.quixbugs import task_from_row

ROW = {
    "name": "twice",
    "buggy_program": "def twice(n):\n    return n + n + 1",
    "docstring": '"""Twice n."""',
    "solution": "def twice(n):\n    return n + n",
    "tests": "assert twice(*[2]) == 4\nassert twice(0) == 0",
}


def test_the_answer_is_the_whole_program_and_the_buggy_one_is_kept() -> None:
    task = task_from_row(ROW)
    assert (task.task_id, task.entry_point, task.join_prompt) == ("twice", "twice", False)
    assert (task.reference, task.buggy) == (ROW["solution"], ROW["buggy_program"])
    assert ROW["buggy_program"] in task.prompt and ROW["buggy_program"] in task.instruction
    assert task.checks["official"] == ScriptCheck(ROW["tests"], task.checks["official"].limits)


def test_plain_asserts_run_outside() -> None:
    check = task_from_row(ROW).checks["hardened"]
    assert isinstance(check, StubCheck)
    assert (check.context, check.stubs) == ("", ("twice",))


def test_tests_that_build_objects_run_beside_the_answer_one_by_one() -> None:
    functions = "def test1():\n    assert twice(Node())\n\ndef test2():\n    pass\n"
    tests = f"class Node:\n    pass\n\n{functions}\ntest1()\ntest2()\n"
    check = task_from_row(ROW | {"tests": tests}).checks["hardened"]
    assert isinstance(check, InProcessCheck)
    assert check.tests == ("test1()", "test2()") and check.expected_tests == 2
    assert "class Node" in check.setup and "def test2" in check.setup


def test_a_generator_runs_beside_its_tests() -> None:
    solution = "def twice(n):\n    for _ in range(2):\n        yield n"
    check = task_from_row(ROW | {"solution": solution, "tests": "assert list(twice(1)) == [1, 1]"}).checks["hardened"]
    assert isinstance(check, InProcessCheck)
    assert check.tests == ("assert list(twice(1)) == [1, 1]",)
