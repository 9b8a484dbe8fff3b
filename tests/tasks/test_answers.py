"""Which value or call an answer to an execution-reasoning task stands for."""

from __future__ import annotations

import pytest

from assay.tasks.extract import extract
from assay.tasks.task import Task

OUTPUT = Task("T/0", "", "f", "", {}, expects="literal")
INPUT = Task("T/1", "", "f", "", {}, expects="call")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("[1, 2]", "[1, 2]"),
        ("  'a == b' \n", "'a == b'"),
        ("assert f(1) == 'a == b'", "'a == b'"),
        ("assert f('==') == 2", "2"),
        ("f(1) == [2]", "[2]"),
        ("so f(1) is x == 3 you see", "3 you see"),
        ("[THOUGHT]\nx == 1\n[/THOUGHT]\n[ANSWER]\nassert f(1) == 5\n[/ANSWER]\n[ANSWER] 6 [/ANSWER]", "5"),
        ("assert f(1) == 5\n[/ANSWER]\nassert f(2) == 6", "5"),
        ("[ANSWER]\n```python\nassert f(1) == {1: 2}\n```\n[/ANSWER]", "{1: 2}"),
        ("I think:\n```python\nassert f(1) == 7\n```\nDone.", "7"),
        ("assert f(1) == ('a', 1), ('b', 2)", "('a', 1), ('b', 2)"),
        ("3 or True", "3 or True"),
    ],
)
def test_the_value_right_of_the_sign_is_the_output(text: str, answer: str) -> None:
    assert extract(OUTPUT, text).program == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("f(1, 2)", "f(1, 2)"),
        ("assert f('==', lambda x: x == 1) == 2", "f('==', lambda x: x == 1)"),
        ("assert f(3)", "f(3)"),
        ("assert f(1) == 2\nassert f(2) == 4", "f(1)"),
        ("[ANSWER]\nassert f([1]) == 17\n[/ANSWER]", "f([1])"),
        ("From the assertion we know f(??) == 3", "From the assertion we know f(??)"),
        ("Sure: assert f(?) == 3", "f(?)"),
        ("16", "16"),
    ],
)
def test_the_call_left_of_the_sign_is_the_input(text: str, answer: str) -> None:
    assert extract(INPUT, text).program == answer


def test_raw_takes_the_text_whatever_it_is() -> None:
    assert extract(OUTPUT, " assert f(1) == 5 ", style="raw").program == "assert f(1) == 5"


@pytest.mark.parametrize("text", ["", "  \n", "[ANSWER]\n[/ANSWER]", "assert f(1) == "])
def test_no_answer_is_no_code(text: str) -> None:
    assert extract(OUTPUT, text).problem == "the answer is empty"
