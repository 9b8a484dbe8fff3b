"""Fill-in-the-middle: where a text is cut, and in which order its parts are written.

The transformation is that of "Efficient Training of Language Models to Fill in the Middle" (arXiv 2207.14255), with
Qwen's tokens (Qwen2.5-Coder, arXiv 2409.12186). Spans along the syntax: "Structure-aware fill-in-the-middle" (AST-FIM,
arXiv 2506.00204).
"""

from __future__ import annotations

import ast
import random
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from assay.training.example import Piece
from assay.training.tokenizer import FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX

ORDERS = ("psm", "spm")
KINDS = ("statement", "block", "lines", "expression", "characters")
# Shares of the holes that follow the syntax, and of the examples with the suffix first. Small networks learn from few
# examples: with half of each, one of 1M parameters wrote torn words into whole expressions (docs/LOG.md).
SYNTAX_SHARE, SPM_SHARE = 0.8, 0.25
_SHORTEST = 3  # characters of an expression worth asking for
_MOST_STATEMENTS = 6  # that stand together in a cut of whole lines


@dataclass(frozen=True)
class Cut:
    """A text in three. kind: one of KINDS."""

    prefix: str
    middle: str
    suffix: str
    kind: str


def cut_syntax(text: str, rng: random.Random, start: int = 0, stop: int | None = None) -> Cut | None:
    """A statement, the statements of a block, whole lines, or an expression of a Python text, each kind equally often.

    start, stop: the stretch of the text in which the middle must lie. None where the text is no Python or nothing fits.
    """
    stop = len(text) if stop is None else stop
    spans: dict[str, list[tuple[int, int]]] = {}
    for kind, begin, end in syntax_spans(text):
        if start <= begin and end <= stop and (begin, end) != (0, len(text)):
            spans.setdefault(kind, []).append((begin, end))
    if not spans:
        return None
    kind = rng.choice(sorted(spans))
    return _cut(text, *rng.choice(spans[kind]), kind)


def cut_characters(text: str, rng: random.Random, start: int = 0, stop: int | None = None) -> Cut | None:
    """Between any two characters of text[start:stop]. None where that holds less than two."""
    stop = len(text) if stop is None else stop
    if stop - start < 2:
        return None
    begin, end = sorted(rng.sample(range(start, stop + 1), 2))
    return _cut(text, begin, end, "characters")


def choose_order(rng: random.Random) -> str:
    """One of ORDERS, "spm" with SPM_SHARE."""
    return "spm" if rng.random() < SPM_SHARE else "psm"


def pieces(cut: Cut, order: str, weight: float, prompt_weight: float) -> tuple[Piece, ...]:
    """The parts in one of ORDERS. weight: of the middle; prompt_weight: of the others. Markers are never learnt: where
    a text breaks off to be filled in cannot be foretold.

    "psm": prefix, suffix, middle. "spm": suffix, then prefix and middle in one stretch, under the same markers, so that
    a model never confuses the two (the paper's second variant, appendix D).
    """
    read: tuple[str, ...]
    if order == "psm":
        read = (FIM_PREFIX, cut.prefix, FIM_SUFFIX, cut.suffix, FIM_MIDDLE)
    elif order == "spm":
        read = (FIM_PREFIX + FIM_SUFFIX, cut.suffix, FIM_MIDDLE, cut.prefix)
    else:
        raise ValueError(f"order must be one of {ORDERS}, got {order!r}")
    parts = (
        Piece(text, prompt_weight, plain=True) if number % 2 else Piece(text, 0.0) for number, text in enumerate(read)
    )
    return (*(part for part in parts if part.text), Piece(cut.middle, weight, plain=True))


def syntax_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """(kind, begin, end) in characters of everything in a Python text that can be taken out.

    Nothing for a text that is no Python, or has line ends other than LF, as no corpus has.
    """
    if "\r" in text:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    place = _Places(text)
    for node in _nodes(tree):
        for block in _blocks(node, text, place):
            for statement in block:
                yield "statement", place.begin(statement), place.end(statement)
            if not isinstance(node, ast.Module) and len(block) > 1:
                yield "block", place.begin(block[0]), place.end(block[-1])
            yield from _lines(block, text, place)
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store):
            begin, end = place.begin(node), place.end(node)
            if end - begin >= _SHORTEST:
                yield "expression", begin, end


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but the parts of f-strings, whose places older Pythons get wrong."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            waiting += ast.iter_child_nodes(node)


def _blocks(node: ast.AST, text: str, place: _Places) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if not isinstance(block, list) or not block or not isinstance(block[0], ast.stmt):
            continue
        if name == "orelse" and text.startswith("elif", place.begin(block[0])):
            continue  # no statement that could stand alone
        yield block


def _lines(block: list[ast.stmt], text: str, place: _Places) -> Iterator[tuple[str, int, int]]:
    """Statements that stand together, from the margin to the line's end: so editors and benchmarks ask for lines. A
    model that has only seen cuts behind the indentation leaves it out.
    """
    for one in range(len(block)):
        begin = text.rfind("\n", 0, place.begin(block[one])) + 1
        if text[begin : place.begin(block[one])].strip():
            continue  # something else stands before it on its line
        for last in block[one : one + _MOST_STATEMENTS]:
            end = text.find("\n", place.end(last)) + 1
            if end and not text[place.end(last) : end].strip():
                yield "lines", begin, end


class _Places:
    """From the lines and bytes of `ast` to characters of the text."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def begin(self, node: ast.stmt | ast.expr) -> int:
        decorators = getattr(node, "decorator_list", ())
        if decorators:
            return self._at(decorators[0].lineno, decorators[0].col_offset) - 1  # with its @
        return self._at(node.lineno, node.col_offset)

    def end(self, node: ast.stmt | ast.expr) -> int:
        return self._at(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def _at(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode("utf-8", "ignore"))
        return self._starts[line - 1] + column


def _cut(text: str, begin: int, end: int, kind: str) -> Cut:
    return Cut(text[:begin], text[begin:end], text[end:], kind)
