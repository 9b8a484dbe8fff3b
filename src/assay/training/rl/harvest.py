"""New training material from what a model wrote: solved tasks with the model's own bugs, and preference pairs."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.forge.task import Bug, ForgeTask
from assay.training.rl.pairs import nearest_pairs, preference_pairs
from assay.training.rl.store import Attempt

# What the forge calls the ways it breaks programs; these were broken by a model.
WRITTEN = "written"


@dataclass(frozen=True)
class Harvested:
    """How much there was: tasks with a bug, bugs, those of them whose line is known, pairs."""

    tasks: int
    bugs: int
    located: int
    pairs: int


def harvest_tasks(
    by_task: Mapping[str, Sequence[Attempt]], tasks: Iterable[ForgeTask], bugs_each: int = 4
) -> list[ForgeTask]:
    """Tasks with a body that passed and bugs that the model wrote, in the form of the forge, for the mixture.

    The body is the model's own, of those that passed the one nearest to the first bug: so a task whose solution was
    never shown (a deep one) is shown only what execution has found right. A bug must fail a test of the task, and its
    nearest passing program must be this body. Audit cases are left out: they stay hidden from training.
    """
    made = []
    for task in tasks:
        pairs = nearest_pairs(by_task.get(task.task_id, ()))
        if not pairs:
            continue
        body = pairs[0][0].body
        bugs: list[Bug] = []
        for passed, failed, _ in pairs:
            killer = _number_of(task, failed)
            if passed.body == body and killer is not None and len(bugs) < bugs_each:
                line = faulty_line(body, failed.body)
                bugs.append(Bug(failed.body, WRITTEN, line, killer, failure_of(failed)))
        if bugs:
            empty = {"held_out": "", "trace": (), "trace_case": 0, "references": {}, "audit": ()}
            made.append(replace(task, body=body, bugs=tuple(bugs), **empty))  # type: ignore[arg-type]
    return made


def faulty_line(right: str, wrong: str) -> int:
    """The one line of `wrong`, from 1, that must be another one to make it `right`; 0 where that is not all."""
    mine, theirs = wrong.splitlines(), right.splitlines()
    changes = [
        change
        for change in difflib.SequenceMatcher(a=mine, b=theirs, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    if len(changes) != 1:
        return 0
    ((_, start, end, from_, to),) = changes
    return start + 1 if end - start == to - from_ == 1 else 0


def failure_of(attempt: Attempt) -> str:
    """How it failed, in one line and without what the harness says around it: "returned 3", "raised IndexError"."""
    if attempt.verdict == "wrong_answer":
        _, _, got = attempt.detail.partition(", got ")
        return f"returned {got.partition(' (arguments ')[0]}" if got else "returned a wrong value"
    if attempt.verdict == "time_limit":
        return "ran out of time"
    if attempt.verdict == "memory_limit":
        return "ran out of memory"
    said = attempt.detail.rpartition("test ")[2].partition(": ")[2] if "test " in attempt.detail else attempt.detail
    return f"raised {said.partition(' (arguments ')[0].partition(' (line ')[0]}" if said else attempt.verdict


def write_harvest(folder: Path, by_task: Mapping[str, Sequence[Attempt]], tasks: Sequence[ForgeTask]) -> Harvested:
    """Write `tasks.jsonl` (the form of the forge) and `pairs.jsonl` (prompt, chosen, rejected); say how much it is."""
    folder.mkdir(parents=True, exist_ok=True)
    made = harvest_tasks(by_task, tasks)
    pairs = preference_pairs(by_task, tasks)
    _write(folder / "tasks.jsonl", [task.as_json() for task in made])
    _write(folder / "pairs.jsonl", [pair.as_json() for pair in pairs])
    bugs = [bug for task in made for bug in task.bugs]
    return Harvested(len(made), len(bugs), sum(bug.line > 0 for bug in bugs), len(pairs))


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    beside = path.with_suffix(".new")
    beside.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows), encoding="utf-8")
    beside.replace(path)


def _number_of(task: ForgeTask, failed: Attempt) -> int | None:
    """The place of its failing test among the task's tests."""
    if failed.failing is None:
        return None
    return next((number for number, case in enumerate(task.tests) if case == failed.failing), None)
