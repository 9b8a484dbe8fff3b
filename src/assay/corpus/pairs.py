"""Code beside what says what it does: a function and its docstring.

What makes a pair worth learning follows CodeSearchNet (arXiv 1909.09436): descriptions of at least three words,
code of at least three lines, no tests and no special methods.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from assay.corpus.draft import Draft
from assay.corpus.syntax import Function, body_without_docstring, is_stub

LEAST_WORDS, LEAST_LINES, MOST_LINES, LEAST_CHARACTERS = 3, 3, 200, 20
_ASCII_SHARE = 0.9


@dataclass(frozen=True)
class Pair:
    """name: of the function. description: its docstring, cleaned. code: without it. whole: with it; both dedented."""

    name: str
    description: str
    code: str
    whole: str


def functions(draft: Draft) -> Iterator[Pair]:
    """The documented functions of a Python file."""
    lines = draft.text.split("\n")
    seen: set[str] = set()
    for node in draft.definitions:
        if isinstance(node, Function) and (pair := _pair(node, lines)) and pair.code not in seen:
            seen.add(pair.code)
            yield pair


def _pair(node: Function, lines: list[str]) -> Pair | None:
    docstring = ast.get_docstring(node, clean=False)
    if not docstring or is_stub(node) or _is_test(node.name) or node.end_lineno is None:
        return None
    description = inspect.cleandoc(docstring).strip()
    paragraph = description.split("\n\n", 1)[0]
    if len(paragraph.split()) < LEAST_WORDS or len(description) < LEAST_CHARACTERS or not _is_english(description):
        return None
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    quoted, body = node.body[0], body_without_docstring(node)
    if not body or quoted.end_lineno is None or not LEAST_LINES <= node.end_lineno - first + 1 <= MOST_LINES:
        return None
    if lines[quoted.lineno - 1][: quoted.col_offset].strip() or body[0].lineno <= quoted.end_lineno:
        return None  # everything on one line
    indent = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    without = lines[first - 1 : quoted.lineno - 1] + lines[quoted.end_lineno : node.end_lineno]
    if sum(1 for line in without if line.strip()) < LEAST_LINES:
        return None
    return Pair(
        node.name, description, _dedented(without, indent), _dedented(lines[first - 1 : node.end_lineno], indent)
    )


def _dedented(lines: list[str], indent: int) -> str:
    """Lines without the indentation of the first; text inside a string that stands further left stays as it is."""
    cut = [line[indent:] if not line[:indent].strip() else line for line in lines]
    return "\n".join(cut).rstrip() + "\n"


def _is_test(name: str) -> bool:
    return "test" in name.lower() or (name.startswith("__") and name.endswith("__"))


def _is_english(text: str) -> bool:
    """Cheaply: mostly ASCII, and more letters than anything else."""
    letters = sum(map(len, re.findall(r"[A-Za-z]+", text)))
    return sum(letter.isascii() for letter in text) >= _ASCII_SHARE * len(text) and letters >= len(text) / 2
