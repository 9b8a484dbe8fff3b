"""What can be said of every two models of a report: the conclusions of `assay compare`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assay.errors import AssayError
from assay.evaluation.compare import Comparison, Contestant, compare
from assay.evaluation.stored import StoredRun
from assay.report.comparison import conclusion
from assay.report.islands import TaskSet
from assay.report.leaderboard import Entry, Leaderboard


@dataclass(frozen=True)
class Pair:
    """Two lines of the leaderboard on one set of tasks under one rule set.

    sentence: what the data show, or why they cannot be compared. notes: what a reader must know about the two.
    """

    lines: tuple[int, int]
    tasks: int
    rule_set: str
    sentence: str
    notes: tuple[str, ...] = ()


def compare_pairs(entries: Sequence[Entry], board: Leaderboard, sets: Sequence[TaskSet]) -> Iterable[Pair]:
    """Every two lines on every set of tasks that both have finished, under every rule set that both were judged by.

    p values are raised (Holm) for the sets that two models share, as `assay compare` does when it is given the two.
    """
    for a, b in combinations(range(len(board.lines)), 2):
        names = _names(board, a, b)
        for rule_set in board.rule_sets:
            runs = {line: _runs(entries, board, sets, line, rule_set) for line in (a, b)}
            shared = [number for number in runs[a] if number in runs[b]]
            if not shared:
                continue
            # A set of tasks is told by its number: the same benchmark may be there with other data or other rules.
            contestants = [
                Contestant(name, {str(number): runs[line][number] for number in shared})
                for name, line in zip(names, (a, b), strict=True)
            ]
            try:
                found = compare(contestants, rule_set=rule_set, common=True)
            except AssayError as error:
                yield from (Pair((a, b), number, rule_set, str(error)) for number in shared)
            else:
                yield from (Pair((a, b), int(one.benchmark), rule_set, _said(one), one.notes) for one in found)


def _said(comparison: Comparison) -> str:
    text = conclusion(comparison)
    if not comparison.is_shown:  # else it begins with the name of a model
        text = text[0].upper() + text[1:]
    return f"{text} {comparison.difference.test}: p = {comparison.p_adjusted:.3g}."


def _names(board: Leaderboard, a: int, b: int) -> tuple[str, str]:
    first, second = board.lines[a], board.lines[b]
    if first.label != second.label:
        return first.label, second.label
    return f"{first.label} ({first.setting})", f"{second.label} ({second.setting})"


def _runs(
    entries: Sequence[Entry], board: Leaderboard, sets: Sequence[TaskSet], line: int, rule_set: str
) -> dict[int, StoredRun]:
    """The finished runs of a line that this rule set judged, by number of the task set."""
    return {
        tasks.number: entries[index].reading.run
        for tasks in sets
        for index in tasks.entries
        if board.line_of[index] == line
        and entries[index].reading.finished
        and rule_set in entries[index].reading.run.rule_sets
    }
