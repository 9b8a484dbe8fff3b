"""Blocks of code in Markdown."""

from __future__ import annotations

import time

import pytest

from assay.tasks.fences import Block, has_fence, split


@pytest.mark.parametrize("text", ["```", "a\n```\nb", "   ```python", "~~~", "Code: ```python\nx", "````md"])
def test_an_opening_fence_is_seen(text: str) -> None:
    assert has_fence(text)


@pytest.mark.parametrize("text", ["", "``", "a `b` c", "see ```x``` there", "use ``` so", "```a`", "x = '~~~'"])
def test_backticks_inside_a_line_open_nothing(text: str) -> None:
    assert not has_fence(text)


def test_text_before_and_all_blocks_come_back_in_order() -> None:
    before, blocks = split("one\n```python\na\n\nb\n```\ntwo\n```sh\nls\n```\nthree")
    assert before == "one\n"
    assert blocks == [Block("python", "a\n\nb\n"), Block("sh", "ls\n")]
    assert [block.is_python for block in blocks] == [True, False]


def test_a_longer_fence_holds_shorter_ones() -> None:
    assert split("````\n```python\nx\n```\n````\n")[1] == [Block("", "```python\nx\n```\n")]


def test_a_fence_of_the_other_kind_does_not_close() -> None:
    assert split("~~~\n```\n~~~\n")[1] == [Block("", "```\n")]


def test_an_unclosed_block_reaches_to_the_end() -> None:
    for text in ("```py\nx\ny", "```py\nx\ny\n"):
        assert split(text)[1] == [Block("py", "x\ny\n")]


def test_a_fence_in_a_docstring_or_a_comment_closes_nothing() -> None:
    code = (
        'def f():\n    """Example:\n\n    ```\n    f()\n    ```\n    ```python\n    f()\n    ```\n    """\n'
        "    x = 1  # as in ```x```\n    return x  # ends with ```\n"
    )
    assert split(f"Here:\n```python\n{code}```\nUse it:\n```\nf()\n```\n") == (
        "Here:\n",
        [Block("python", code), Block("", "f()\n")],
    )


def test_a_docstrings_fences_close_nothing_where_the_answer_ends_before_its_own() -> None:
    code = 'def f():\n    """\n    ```python\n    f()\n    ```\n    ```\n    1\n    ```\n    """\n    return 1\n'
    assert split(f"```python\n{code}")[1] == [Block("python", code)]


@pytest.mark.parametrize("indent", ["", " ", "   "])
def test_a_closing_fence_may_be_three_columns_deeper(indent: str) -> None:
    assert split(f"  ```py\n  x\n  {indent}```\ny\n")[1] == [Block("py", "x\n")]


@pytest.mark.parametrize("end", ["```", "\n    ```", "\n\t```"])
def test_a_closing_fence_behind_code_or_too_deep_counts_where_no_proper_one_follows(end: str) -> None:
    assert split(f"```py\nx{end}\nprose\n")[1] == [Block("py", "x\n")]
    assert split(f"```py\nx{end}\nprose\n```py\ny\n```\n")[1] == [Block("py", "x\n"), Block("py", "y\n")]
    assert split(f"```py\nx{end}\nThen: ```py\ny{end}\n")[1] == [Block("py", "x\n"), Block("py", "y\n")]


@pytest.mark.parametrize("language", ["", "Python", "python3", "py3", "Python3.11", "py3.12"])
def test_python_has_many_names(language: str) -> None:
    assert split(f"```{language}\nx\n```")[1][0].is_python


def test_another_language_is_not_python() -> None:
    assert not Block("python-repl", "").is_python


@pytest.mark.parametrize("end", ["```", "\n     ```"])
def test_a_plain_block_may_follow_one_that_is_not_properly_closed(end: str) -> None:
    text = f"```py\nx{end}\nIt prints:\n```\n1\n```\n"
    assert split(text)[1] == [Block("py", "x\n"), Block("", "1\n")]


@pytest.mark.parametrize("unit", ["x```\n    ```\n~~~py\n", "x```\n```\n", "```\nx```\n```\n~~~\nx~~~\n~~~\n", "```\n"])
def test_many_fences_take_linear_time(unit: str) -> None:
    text = "```py\n" + unit * (1_000_000 // len(unit))
    begin = time.process_time()
    split(text)
    assert time.process_time() - begin < 5
