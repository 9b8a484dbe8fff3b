"""The numbers of the report: two models on the same held-out tasks, by kind and by depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.demo.exam import Answer
from assay.demo.questions import KINDS
from assay.evaluation.paired import PairedTask, paired_difference
from assay.evaluation.passk import pass_curve

MEASURES = (("greedy", 1), ("sampled", 1), ("sampled", 8))
SHOWN, DEEPER = "shown depths", "deeper"
Outcomes = dict[str, tuple[int, int]]  # task -> passed, judged


def compare(before: Sequence[Answer], after: Sequence[Answer], shown: int) -> list[dict[str, Any]]:
    """A row for every kind, part (all, shown depths, deeper ones, each depth) and measure.

    shown: the deepest tasks of which a solution was ever shown.

    `before` and `after` hold {"rate", "ci95"}, pass@k over tasks; "difference" of pass@1 is paired by task, with its
    95 % interval and p value. Answers that the machine failed on are in no number.
    """
    rows = []
    for kind in KINDS:
        for part, depths in parts({answer.depth for answer in before if answer.kind == kind}, shown):
            for mode, k in MEASURES:
                old, new = (_outcomes(side, kind, mode, depths) for side in (before, after))
                if old and new:
                    row = _row(old, new, k)
                    if row is not None:
                        rows.append({"kind": kind, "part": part, "mode": mode, "k": k, **row})
    return rows


def parts(depths: set[int], shown: int) -> list[tuple[str, set[int]]]:
    """Named sets of depths that a table has rows for."""
    shallow = {depth for depth in depths if depth <= shown}
    groups = [("all", depths), (SHOWN, shallow), (DEEPER, depths - shallow)]
    groups += [(f"depth {depth}", {depth}) for depth in sorted(depths)]
    return [(name, group) for name, group in groups if group]


def _outcomes(answers: Sequence[Answer], kind: str, mode: str, depths: set[int]) -> Outcomes:
    tally: dict[str, list[int]] = {}
    for answer in answers:
        if answer.kind == kind and answer.mode == mode and answer.depth in depths and answer.passed is not None:
            count = tally.setdefault(answer.task_id, [0, 0])
            count[0] += answer.passed
            count[1] += 1
    return {task: (passed, tried) for task, (passed, tried) in tally.items()}


def _row(before: Outcomes, after: Outcomes, k: int) -> dict[str, Any] | None:
    common = [task for task in before if task in after]
    old, new = (pass_curve([side[task] for task in common]) for side in (before, after))
    if not common or min(len(old), len(new)) < k:
        return None
    row: dict[str, Any] = {
        "tasks": len(common),
        "before": {"rate": old[k - 1].rate, "ci95": list(old[k - 1].interval)},
        "after": {"rate": new[k - 1].rate, "ci95": list(new[k - 1].interval)},
    }
    if k == 1:
        found = paired_difference([PairedTask(*before[task], *after[task]) for task in common])
        row |= {"difference": found.difference, "ci95": list(found.interval), "p": found.p_value, "test": found.test}
    return row


def examples(
    before: Sequence[Answer], after: Sequence[Answer], asked: Mapping[tuple[str, str], str], each: int = 2
) -> list[dict[str, Any]]:
    """Greedy answers worth looking at: of every kind and depth, learnt ones first, then what still fails.

    Each holds what was asked, what was written before and after, and what happened when it ran. asked: (kind, task id)
    -> the prompt.
    """
    old = {(a.kind, a.task_id): a for a in before if a.mode == "greedy"}
    new = {(a.kind, a.task_id): a for a in after if a.mode == "greedy"}
    chosen = []
    for kind in KINDS:
        for depth in sorted({answer.depth for answer in new.values() if answer.kind == kind}):
            pairs = [
                (old[key], answer)
                for key, answer in new.items()
                if key in old and key[0] == kind and answer.depth == depth
            ]
            learnt = [pair for pair in pairs if pair[1].passed and not pair[0].passed]
            failing = [pair for pair in pairs if not pair[1].passed]
            wanted = (learnt[:each] or [pair for pair in pairs if pair[1].passed][:1]) + failing[:1]
            chosen += [
                {
                    "kind": kind,
                    "task_id": now.task_id,
                    "depth": depth,
                    "asked": asked[kind, now.task_id],
                    "before": _said(was),
                    "after": _said(now),
                }
                for was, now in (wanted if kind == "write" else wanted[:1])
            ]
    return chosen


def _said(answer: Answer) -> dict[str, Any]:
    return {"text": answer.text, "verdict": answer.verdict, "detail": answer.detail}
