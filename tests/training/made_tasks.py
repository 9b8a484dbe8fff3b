"""Tasks of the forge, written here by hand."""

from __future__ import annotations

import json
from pathlib import Path

from assay.forge.task import Bug, Case, ForgeTask, Step

BODY = """    total = {start}
    for number in numbers:
        if number > {least}:
            total += number
    return total
"""


def made_task(number: int, depth: int = 1, split: str = "train", held_out: str = "") -> ForgeTask:
    """One that adds up numbers over a limit."""
    start, least = number % 7, number % 5
    body = BODY.format(start=start, least=least)
    cases = [[least + 1, least], [], [9, 8, least], [least] * 3, [20, 30]]
    tests = tuple(Case((numbers,), start + sum(one for one in numbers if one > least)) for numbers in cases)
    bug = Bug(body.replace("> ", ">= "), "operator", 3, 0, f"returned {tests[0].expected + least}")
    if least == 0:
        bug = Bug(body.replace("return total", "return total + 1"), "constant", 5, 1, f"returned {start + 1}")
    return ForgeTask(
        task_id=f"forge/1/{number}",
        depth=depth,
        operations=("filter", "sum"),
        entry_point="add_up",
        signature="def add_up(numbers: list[int]) -> int:",
        docstring=f"Add to {start} all numbers over {least}.\n\n>>> add_up([20, 30])\n{start + 50}",
        body=body,
        tests=tests,
        examples=(tests[4],),
        bugs=(bug,),
        trace=(Step(1, (("total", str(start)),)), Step(2, ()), Step(5, ())),
        trace_case=1,
        summary="Sum of the large numbers.",
        split=split,
        held_out=held_out,
    )


def write_tasks(folder: Path, tasks: list[ForgeTask]) -> Path:
    """A folder as `assay forge --out` makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(task.as_json()) + "\n" for task in tasks]
    (folder / "train.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder
