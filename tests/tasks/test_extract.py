"""What program a completion stands for."""

from __future__ import annotations

import ast
import re
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import AssayError
from assay.tasks.extract import MAX_PARSED_CHARS, STYLES, extract
from assay.tasks.extracted import Extracted
from assay.tasks.task import Task

PROMPT = 'from typing import List\n\n\ndef total(values: List[int]) -> int:\n    """Sum of the values."""\n'
TASK = Task("T/0", PROMPT, "total", "", {}, stops=("\ndef ", "\nprint("))
ALONE = Task("T/1", '"""\nSum the values.\nassert total([1]) == 1\n"""\n', "total", "", {}, join_prompt=False)
WHOLE = "def total(values):\n    return sum(values)\n"
WRONG = "def total(values):\n    return 0\n"


def answer_of(program: str) -> object:
    """Run a program that this file wrote and call its function."""
    space: dict[str, object] = {}
    exec(program, space)
    return space["total"]([1, 2, 3])  # type: ignore[operator]


@pytest.mark.parametrize("style", ["auto", "raw", "base", "chat"])
def test_a_plain_completion_is_joined_to_the_prompt_byte_for_byte(style: str) -> None:
    assert extract(TASK, "    return sum(values)\n", style=style) == Extracted(PROMPT + "    return sum(values)\n")


@pytest.mark.parametrize("style", STYLES)
def test_a_task_that_does_not_join_takes_the_text_alone(style: str) -> None:
    assert extract(ALONE, WHOLE, style=style).program == WHOLE


@pytest.mark.parametrize("style", STYLES)
def test_a_solution_is_never_joined_nor_cut(style: str) -> None:
    solution = "import math\ndef helper(): pass\n" + WHOLE + "print(1)"
    assert extract(TASK, solution, is_solution=True, style=style).program == solution


def test_auto_leaves_text_without_a_fence_alone_even_if_it_is_no_python() -> None:
    text = "Sure! The function is: return the sum."
    assert extract(TASK, text).program == PROMPT + text


def test_auto_leaves_a_fence_inside_valid_python_alone() -> None:
    text = '    """Use it so:\n```python\ntotal([1])\n```\n    """\n    return sum(values)\n'
    assert extract(TASK, text).program == PROMPT + text
    assert answer_of(extract(TASK, text).program) == 6


def test_base_cuts_at_the_earliest_stop_and_then_joins() -> None:
    text = "    return sum(values)\n\nprint(total([1]))\n\ndef other():\n    pass\n"
    assert extract(TASK, text, style="base").program == PROMPT + "    return sum(values)\n"


def test_an_unknown_style_is_refused_with_the_list() -> None:
    with pytest.raises(AssayError, match=re.escape("no extraction style 'markdown'. Known: auto, raw, chat, base.")):
        extract(TASK, "x", style="markdown")


CHATS = {
    "prose around it": f"Sure, here it is:\n\n```python\n{WHOLE}```\n\nIt adds the values.",
    "no language": f"```\n{WHOLE}```",
    "tilde fence": f"~~~python\n{WHOLE}~~~\n",
    "language in capitals and attributes": f"```Python title='x'\n{WHOLE}```",
    "Windows line ends": f"Here:\r\n```python\r\n{WHOLE}```\r\nDone.\r\n".replace("\n", "\r\n").replace("\r\r", "\r"),
    "never closed": f"Here:\n```python\n{WHOLE}",
    "prompt repeated": f"```python\n{PROMPT}    return sum(values)\n```\n",
    "body only": "The body:\n```python\n    return sum(values)\n```\n",
    "body without indentation": "The body:\n```python\nresult = sum(values)\nreturn result\n```\n",
    "body that lost its first indentation": "```python\nresult = 0\n    result += sum(values)\n    return result\n```",
    "indented in a list": "1. Write it\n\n   ```python\n" + textwrap.indent(WHOLE, "   ") + "   ```\n2. Run it\n",
    "usage after it": f"```python\n{WHOLE}```\nUse it:\n```python\nprint(total([1]))\n```\nOutput:\n```\n1\n```\n",
    "improved at the end": f"```python\n{WRONG}```\nThat is wrong. Better:\n```python\n{WHOLE}```\n",
    "shell block first and last": f"```bash\npip install x\n```\n```python\n{WHOLE}```\n```bash\npython x.py\n```\n",
    "first block broken": f"```python\ndef total(values):\n    return (\n```\nOops.\n```python\n{WHOLE}```\n",
    "last block broken": f"```python\n{WHOLE}```\nOr:\n```python\ndef total(values):\n    return (\n```\n",
    "fence opened by the prompt": f"{WHOLE}```\nThis adds the values.\n",
    "body, fence opened by the prompt": "    return sum(values)\n```\nThis adds the values.\n",
    "opened at the end of a sentence": f"The answer is: ```python\n{WHOLE}```\n",
    "closed at the end of the last line": f"Here:\n```python\n{WHOLE.rstrip()}```\n",
    "fence of four": f"````python\n{WHOLE}````\n",
    "assigned": "```python\ntotal = lambda values: sum(values)\n```\n",
    "wrong language": f"```text\n{WHOLE}```\n",
    "imports only the prompt has": "```python\ndef total(values: List[int]) -> int:\n    return sum(values)\n```",
    "a version of Python": f"```Python3.11\n{WHOLE}```\nUse it:\n```python\nprint(total([1]))\n```\n",
    "future import": f"```python\nfrom __future__ import annotations\n{WHOLE}```",
}


@pytest.mark.parametrize("style", ["auto", "chat"])
@pytest.mark.parametrize("text", CHATS.values(), ids=CHATS.keys())
def test_the_code_is_found_in_a_chat_answer(text: str, style: str) -> None:
    extracted = extract(TASK, text, style=style)
    assert extracted.problem == ""
    assert answer_of(extracted.program) == 6
    assert "```" not in extracted.program and "~~~" not in extracted.program


@pytest.mark.parametrize("style", ["auto", "chat"])
def test_fences_in_a_docstring_or_a_comment_stay_in_the_code(style: str) -> None:
    described = f'''{WHOLE}    """
    Example:

    ```python
    total([1])
    ```
    ```
    1
    ```
    """  # as ```total```
'''
    assert answer_of(extract(TASK, f"Here:\n```python\n{described}```\nDone.", style=style).program) == 6
    assert extract(ALONE, f"Here:\n```python\n{described}```\nDone.", style=style).program == described


@pytest.mark.parametrize("name", ["prose around it", "never closed", "usage after it", "first block broken"])
def test_the_code_is_found_where_the_prompt_is_not_joined(name: str) -> None:
    for task, is_solution in ((ALONE, False), (TASK, True)):
        assert extract(task, CHATS[name], is_solution).program == WHOLE


def test_a_helper_that_only_the_prompt_has_comes_with_the_answer() -> None:
    task = Task("T/2", f"def helper(value):\n    return value\n\n\n{PROMPT}", "total", "", {})
    answer = "from typing import List\ndef total(values):\n    return sum(map(helper, values))\n"
    assert answer_of(extract(task, f"```python\n{answer}```").program) == 6


def test_the_answer_stands_alone_if_it_brings_all_that_the_prompt_has() -> None:
    assert (
        extract(TASK, f"```python\nfrom typing import List\n{WHOLE}```").program == f"from typing import List\n{WHOLE}"
    )


def test_a_task_without_entry_point_takes_the_last_block_that_is_python() -> None:
    task = Task("T/3", "", "", "", {})
    assert extract(task, "```python\nx = 1\n```\n```python\nx = 2\n```\n```python\nx = (\n```\n").program == "x = 2\n"


def test_an_answer_in_which_nothing_fits_keeps_its_longest_block() -> None:
    assert extract(ALONE, "```python\nx = 1\n```\n```python\nother = (2\n```\n").program == "other = (2\n"


@pytest.mark.parametrize("text", ["", "\n", " \t\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_an_empty_answer_is_a_problem(text: str, style: str) -> None:
    assert extract(TASK, text, style=style) == Extracted(PROMPT + text, "the answer is empty")


def test_a_completion_that_begins_with_a_stop_is_empty() -> None:
    assert extract(TASK, "\ndef other():\n    pass\n", style="base").problem == "the answer is empty"


@pytest.mark.parametrize("text", ["```", "```python\n\n```\n", "```python\n```\n```\n"])
def test_fences_without_anything_in_them_are_a_problem(text: str) -> None:
    assert extract(TASK, text, style="chat").problem == "no block of Python code in the answer"


NESTED = [
    "(",
    "[",
    "{",
    "-",
    "not ",
    "lambda: ",
    "a if b else ",
    "f(",
    "x.",
    "1+",
    "~",
    "f'{",
    "if x:\n ",
    "@",
    "a[0](",
]


@pytest.mark.parametrize("unit", NESTED)
@pytest.mark.parametrize("style", ["auto", "chat"])
def test_deep_nesting_ends_in_an_answer(unit: str, style: str) -> None:
    deep = unit * (200_000 // len(unit))
    for text in (f"```python\n{deep}\n```\n", f"```python\ndef total(values):\n    return {deep}1\n```\n"):
        assert extract(TASK, text, style=style).program


HOSTILE = [
    "```python\nx = '\0'\n```",
    "```python\nx = '\ud800'\n```",
    "\ud800```\n\udfff\n```",
    "```python\n# -*- coding: nonsense -*-\nx = 1\n```",
    "```python\n\N{BYTE ORDER MARK}def total(v):\n    return 1\n```",
    "```" * 80_000,
    "~" * 200_000 + "`",
    "```" + " " * 200_000 + "`",
    "```python\n" * 20_000,
    "```python\nx\n```\n" * 15_000,
    "\n" * 200_000 + "```",
    "```python\n" + "x = 1\n" * 40_000 + "(\n```",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("style", ["auto", "chat"])
def test_hostile_text_ends_in_an_answer_soon(text: str, style: str) -> None:
    started = time.process_time()
    assert isinstance(extract(TASK, text, style=style), Extracted)
    assert time.process_time() - started < 20


def test_text_above_the_cap_is_joined_unread() -> None:
    text = "```python\n" + "(" * 10_000_000 + "\n```"
    assert len(text) > MAX_PARSED_CHARS
    for style in ("auto", "chat"):
        assert extract(TASK, text, style=style) == Extracted(PROMPT + text)


def test_a_warning_of_the_parser_stays_inside(recwarn: pytest.WarningsRecorder) -> None:
    text = "```python\ndef total(values):\n    '\\d'\n    return sum(values)\n```"
    assert answer_of(extract(TASK, text).program) == 6
    assert not recwarn.list or all("extract" not in str(one.filename) for one in recwarn.list)


PIECES = st.sampled_from(
    ["```", "```python\n", "~~~", "\n", "    ", "def total(v):", "return 1", "(", '"""', "\0", "\ud800", "\r"]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join), st.sampled_from(STYLES), st.booleans()
)
def test_any_text_gives_a_program_and_raw_is_always_the_join(text: str, style: str, is_solution: bool) -> None:
    extracted = extract(TASK, text, is_solution, style)
    raw = text if is_solution else PROMPT + text
    if style == "raw":
        assert extracted.program == raw
    if style == "auto" and extracted.program != raw:
        with pytest.raises((SyntaxError, ValueError)):
            ast.parse(raw)
