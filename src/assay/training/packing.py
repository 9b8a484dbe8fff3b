"""Documents become rows: packed as well as they fit, or one a row beside others of their length.

"pack": rows of one length; every document goes where the least room is left that holds it ("Fewer Truncations Improve
Language Modeling", arXiv 2404.10830). Nothing is cut to fit. For long rows and compiled models.
"length": one document a row, rows of about equal length together, as many as the tokens allow. For small models on a
CPU, where attention over a packed row costs more than the little filling.
"""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import TypeVar

from assay.training.batch import Batch, Document, make_batch

__all__ = ["MODES", "Batch", "Document", "best_fit", "by_length", "make_batch", "window"]

MODES = ("length", "pack")
T = TypeVar("T")
_FEW, _MANY, _ENOUGH_TOKENS = 8, 64, 1 << 22


def window(budget: int) -> int:
    """Tokens of the documents that are looked at together: 64 batches if those are small, never less than 8."""
    return max(_FEW * budget, min(_MANY * budget, _ENOUGH_TOKENS))


def best_fit(line: Sequence[tuple[T, int]], rows: int, length: int) -> tuple[list[list[T]], list[tuple[T, int]]]:
    """Fill `rows` rows of `length` tokens; the rows, and who still stands in line.

    line: documents with their tokens, none longer than `length`. Those at its head that would fill the rows exactly go
    in first, longest first; gaps are then filled from behind them. So nobody waits long, and hardly any room is left.
    """
    capacity, head = rows * length, 0
    while head < len(line) and capacity >= line[head][1]:
        capacity -= line[head][1]
        head += 1
    room = [(length, row) for row in range(rows)]
    placed: list[list[T]] = [[] for _ in range(rows)]
    left = []
    for number in [*_longest_first(line, range(head)), *_longest_first(line, range(head, len(line)))]:
        document, tokens = line[number]
        at = bisect_left(room, (tokens, -1))
        if at == len(room):
            left.append(number)
            continue
        free, row = room.pop(at)
        placed[row].append(document)
        insort(room, (free - tokens, row))
    return placed, [line[number] for number in sorted(left)]


def by_length(documents: Iterable[tuple[T, int]], budget: int, seed: int) -> list[list[T]]:
    """Batches of documents of about equal length, in an order that the seed decides.

    Each batch takes as many as keep rows x longest within the budget, at least one.
    """
    batches: list[list[T]] = []
    for document, tokens in sorted(documents, key=lambda one: one[1]):
        if batches and (len(batches[-1]) + 1) * tokens <= budget:
            batches[-1].append(document)
        else:
            batches.append([document])
    random.Random(seed).shuffle(batches)
    return batches


def _longest_first(line: Sequence[tuple[T, int]], numbers: range) -> list[int]:
    return sorted(numbers, key=lambda number: -line[number][1])
