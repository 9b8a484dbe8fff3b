"""The rows of a run's `log.jsonl`: one a step, and one a look at held-out tasks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay.training.rl.advantages import is_settled
from assay.training.rl.rollout import Group

Row = dict[str, Any]


class Rows:
    """The file. A row with "held_out" is a check; every row has its "step"."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def write(self, row: Row) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")

    def rewind(self, step: int, checks: int) -> None:
        """Drop rows of later steps, of later checks than so many, and one that was cut off."""
        if not self._file.exists():
            return
        kept, seen = [], 0
        for line in self._file.read_bytes().splitlines(True):
            row = json.loads(line) if line.endswith(b"\n") else {"step": step + 1}
            seen += "held_out" in row
            if row["step"] <= step and ("held_out" not in row or seen <= checks):
                kept.append(line)
        beside = self._file.with_suffix(".new")
        beside.write_bytes(b"".join(kept))
        beside.replace(self._file)

    def last_check(self) -> Row | None:
        """The last row that is a check."""
        rows = [json.loads(line) for line in self._file.read_bytes().splitlines()] if self._file.exists() else []
        return next((row for row in reversed(rows) if "held_out" in row), None)


def facts(groups: Sequence[Group]) -> Row:
    """What a step's samples were like. Shares; `length` in tokens; a harness error is in no share of passes."""
    samples = [sample for group in groups for sample in group.samples]
    rewards = [reward for group in groups for reward in group.rewards if reward is not None]
    by_depth: dict[str, list[int]] = {}
    for group in groups:
        tally = by_depth.setdefault(str(group.task.depth), [0, 0])
        tally[0] += group.passed
        tally[1] += group.judged
    grades = [grade for group in groups for grade in group.grades]
    verdicts = Counter(grade.verdict for grade in grades)
    failed = sorted({grade.detail for grade in grades if grade.passed is None})
    count = max(1, len(samples))
    return {
        "reward": round(sum(rewards) / max(1, len(rewards)), 5),
        "by_depth": dict(sorted(by_depth.items())),
        "settled": round(sum(is_settled(group.rewards) for group in groups) / max(1, len(groups)), 5),
        "length": round(sum(len(sample.tokens) for sample in samples) / count, 3),
        "truncated": round(sum(not sample.finished for sample in samples) / count, 5),
        "unique": round(len({(group.task.task_id, s.body) for group in groups for s in group.samples}) / count, 5),
        "verdicts": dict(sorted(verdicts.items())),
        "harness_errors": verdicts["harness_error"],
        **({"harness_details": failed[:3]} if failed else {}),
    }
