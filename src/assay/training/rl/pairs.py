"""Pairs for direct preference optimisation: a program that passed and one that failed, as like it as there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assay.forge.task import ForgeTask
from assay.training.rl.store import Attempt

_WORD = re.compile(r"\n[ ]*|\w+|[^\w\s]")
# Of the programs of a task, looked at: the first ones. Every one is compared with every other.
_MOST = 32


@dataclass(frozen=True)
class Pair:
    """chosen passed all tests, rejected failed one; distance: words that differ between them."""

    task_id: str
    prompt: str
    chosen: str
    rejected: str
    distance: int

    def as_json(self) -> dict[str, object]:
        """With the names that trainers of other projects look for."""
        return dict(vars(self))


def words(program: str) -> list[str]:
    """A program as words, signs and indentations; what it is compared by."""
    return _WORD.findall(program)


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Insertions, deletions and replacements that make one sequence the other (Levenshtein)."""
    if len(one) < len(other):
        one, other = other, one
    row = list(range(len(other) + 1))
    for number, mine in enumerate(one, 1):
        corner, row[0] = row[0], number
        for place, theirs in enumerate(other, 1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (mine != theirs))
    return row[-1]


def nearest_pairs(attempts: Sequence[Attempt]) -> list[tuple[Attempt, Attempt, int]]:
    """(passed, failed, distance) of one task's attempts: for every failed one the nearest that passed.

    Nearest pairs first; of equally near ones those written first. Empty unless there are both.
    """
    passed = [attempt for attempt in attempts if attempt.passed][:_MOST]
    failed = [attempt for attempt in attempts if not attempt.passed][:_MOST]
    if not passed:
        return []
    split = [words(attempt.body) for attempt in passed]
    pairs = []
    for attempt in failed:
        mine = words(attempt.body)
        distance, place = min((edit_distance(mine, theirs), place) for place, theirs in enumerate(split))
        pairs.append((passed[place], attempt, distance))
    return sorted(pairs, key=lambda pair: pair[2])


def preference_pairs(
    by_task: Mapping[str, Sequence[Attempt]], tasks: Iterable[ForgeTask], per_task: int = 4
) -> list[Pair]:
    """The nearest pairs of every task that has both, at most `per_task` each."""
    pairs = []
    for task in tasks:
        for passed, failed, distance in nearest_pairs(by_task.get(task.task_id, ()))[:per_task]:
            pairs.append(Pair(task.task_id, task.prompt, passed.body, failed.body, distance))
    return pairs
