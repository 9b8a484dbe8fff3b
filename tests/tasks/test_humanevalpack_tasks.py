"""HumanEvalPack: what is asked in each of its kinds, and which program an answer becomes."""

from __future__ import annotations

import pytest

from assay.judge.checks import ScriptCheck, StubCheck
from assay.tasks.catalog import SOURCES
from assay.tasks.extract import extract
from assay.tasks.humanevalpack import task_from_row
from assay.tasks.humanevalpack.python import LANGUAGE, PREAMBLE
from assay.tasks.task import Task

HEAD = "def total(values: List[int]) -> int:\n"
ROW = {
    "task_id": "Python/0",
    "prompt": f'{HEAD}    """ Sum of the values. """\n',
    "declaration": HEAD,
    "canonical_solution": "    result = 0\n    for number in values:\n        result += number\n    return result\n",
    "buggy_solution": "    return 0\n",
    "entry_point": "total",
    "docstring": "Sum of the values.",
    "instruction": "Write a Python function `total` to solve the following problem:\nSum of the values.",
    "test": "def check(total):\n    assert total([1, 2]) == 3\n\ncheck(total)",
}
NAMES = ("humanevalfix", "humanevalfix-docs", "humanevalexplain", "humanevalsynthesize")


def task(name: str) -> Task:
    return task_from_row(ROW, name, LANGUAGE)


@pytest.mark.parametrize("name", NAMES)
def test_reference_and_buggy_program_are_whole_functions(name: str) -> None:
    found = task(name)
    assert found.reference.startswith(HEAD) and found.reference.endswith(ROW["canonical_solution"])
    assert found.buggy.startswith(HEAD) and found.buggy.endswith(ROW["buggy_solution"])


def test_fix_shows_the_buggy_function_and_its_tests() -> None:
    assert task("humanevalfix").prompt == (
        f"{HEAD}{ROW['buggy_solution']}\n{ROW['test']}\nFix bugs in total.\n\n{HEAD}"
    )
    assert "Sum of the values" not in task("humanevalfix").prompt


def test_fix_from_docs_shows_the_docstring_instead_of_the_tests() -> None:
    assert task("humanevalfix-docs").prompt == (
        f"{ROW['prompt']}{ROW['buggy_solution']}\nFix bugs in total.\n\n{ROW['prompt']}"
    )


def test_synthesize_shows_the_instruction_and_the_prompt() -> None:
    assert task("humanevalsynthesize").prompt == f"{ROW['instruction']}\n\n{ROW['prompt']}"


def test_explain_asks_for_words_and_then_for_code_from_them_alone() -> None:
    found = task("humanevalexplain")
    assert found.prompt.startswith(HEAD + ROW["canonical_solution"])
    assert found.prompt.endswith("using at most 18 characters.")
    follow_up = found.follow_up
    assert follow_up is not None
    assert follow_up.prompt == f"{{answer}}\nWrite functional code in Python according to the description.\n\n{HEAD}"
    assert follow_up.kept("  It sums. for number in values: forever") == "It sums. for numbe"
    assert follow_up.without == ("for number in values:",)


def test_a_description_is_cut_before_lines_of_code_are_taken_out() -> None:
    follow_up = task_from_row(ROW | {"docstring": "x" * 40}, "humanevalexplain", LANGUAGE).follow_up
    assert follow_up is not None
    assert follow_up.kept("Loop: for number in values: add it up and on and on") == "Loop:  add it up an"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        ROW["canonical_solution"],
        f"\n{ROW['canonical_solution']}",
        f"{HEAD}{ROW['canonical_solution']}",
        f"import math\n\n{HEAD}{ROW['canonical_solution']}",
        f"Fixed:\n```python\n{HEAD}{ROW['canonical_solution']}```\nDone.",
        f"```python\n{ROW['canonical_solution']}```",
    ],
)
def test_a_body_and_a_whole_function_become_the_same_program(name: str, text: str) -> None:
    program = extract(task(name), text).program
    space: dict[str, object] = {}
    exec(program, space)
    assert program.startswith(PREAMBLE)
    assert space["total"]([1, 2]) == 3  # type: ignore[operator]


def test_helpers_before_the_declaration_stay_when_only_the_function_is_repeated() -> None:
    head = f"def twice(n):\n    return 2 * n\n\n\n{HEAD}"
    row = ROW | {"declaration": head, "prompt": f'{head}    """ Sum. """\n'}
    answer = f"{HEAD}    return twice(sum(values)) // 2\n"
    space: dict[str, object] = {}
    exec(extract(task_from_row(row, "humanevalfix", LANGUAGE), answer).program, space)
    assert space["total"]([1, 2]) == 3  # type: ignore[operator]


def test_a_solution_gets_the_preamble_too() -> None:
    assert extract(task("humanevalfix"), "x = math.pi\n", is_solution=True).program == f"{PREAMBLE}x = math.pi\n"


def test_both_rule_sets_run_the_tests_that_call_themselves() -> None:
    checks = task("humanevalfix").checks
    assert isinstance(checks["official"], ScriptCheck) and checks["official"].tests == f"\n{ROW['test']}"
    assert isinstance(checks["hardened"], StubCheck) and checks["hardened"].stubs == ("total",)


def test_every_kind_is_in_the_catalogue_for_every_language() -> None:
    found = {source.spec: source for source in SOURCES if source.name in NAMES}
    assert {f"{name}:python" for name in NAMES} <= found.keys()
    assert found["humanevalexplain:python"].kind == "explain"
