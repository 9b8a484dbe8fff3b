"""Blocks of code in Markdown."""

from __future__ import annotations

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
