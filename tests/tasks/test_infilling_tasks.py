"""HumanEval infilling: the answer stands between two given ends."""

from __future__ import annotations

import pytest

from assay.judge.checks import ScriptCheck, StubCheck
from assay.tasks.catalog import resolve
from assay.tasks.extract import extract
from assay.tasks.infilling import task_from_row

ROW = {
    "task_id": "SingleLineInfilling/HumanEval/0/L1",
    "entry_point": "total",
    "prompt": 'def total(values):\n    """Sum."""\n    result = 0\n',
    "suffix": "        result += value\n    return result\n",
    "canonical_solution": "    for value in values:\n",
    "test": "def check(candidate):\n    assert candidate([1, 2]) == 3\n",
}
TASK = task_from_row(ROW)
WHOLE = ROW["prompt"] + ROW["canonical_solution"] + ROW["suffix"]


def test_the_program_is_prompt_completion_and_suffix() -> None:
    assert TASK.reference == WHOLE
    for style in ("auto", "raw", "base", "chat"):
        assert extract(TASK, ROW["canonical_solution"], style=style).program == WHOLE


def test_tests_run_outside_against_the_whole_function() -> None:
    official, hardened = TASK.checks["official"], TASK.checks["hardened"]
    assert isinstance(official, ScriptCheck) and official.tests.endswith("\ncheck(total)")
    assert isinstance(hardened, StubCheck) and hardened.stubs == ("total",)


@pytest.mark.parametrize(
    "text",
    [
        "The missing line:\n```python\n    for value in values:\n```\nIt loops.",
        "```\nfor value in values:\n```",
        f"Here is all of it:\n```python\n{WHOLE}```",
    ],
)
def test_a_fenced_answer_is_the_middle_or_the_whole(text: str) -> None:
    space: dict[str, object] = {}
    exec(extract(TASK, text).program, space)
    assert space["total"]([1, 2]) == 3  # type: ignore[operator]


def test_a_hole_may_be_filled_with_nothing() -> None:
    found = extract(TASK, "")
    assert (found.program, found.problem) == (ROW["prompt"] + ROW["suffix"], "")


def test_the_set_whose_checksum_is_unknown_is_still_listed() -> None:
    assert resolve("humaneval-infilling:multi-line").sha256 == ""
