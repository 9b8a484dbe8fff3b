"""HumanEval infilling: write what is missing between the two ends of a HumanEval solution; its unit tests decide.

Row: task_id ("SingleLineInfilling/HumanEval/0/L0"), entry_point, prompt (what stands before the hole), suffix (what
stands behind it), canonical_solution (what was taken out), test (defines `check(candidate)`).
Source: openai/human-eval-infilling, folder `data` and `human_eval_infilling/execution.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.judge.checks import ScriptCheck, StubCheck
from assay.tasks.data import load_rows
from assay.tasks.humaneval import LIMITS
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task


def _source(part: str, file: str, tasks: int, sha256: str) -> Source:
    return Source(
        name="humaneval-infilling",
        part=part,
        file=f"humaneval_infilling/HumanEval-{file}.jsonl.gz",
        url=f"https://raw.githubusercontent.com/openai/human-eval-infilling/master/data/HumanEval-{file}.jsonl.gz",
        origin="openai/human-eval-infilling",
        tasks=tasks,
        licence="MIT",
        kind="infill",
        sha256=sha256,
    )


SOURCES = (
    _source(
        "single-line",
        "SingleLineInfilling",
        1033,
        "6fffc71ec2f1674372fcc177511f92312f1a27a9eacd8e43255c9f5ee9eca8c8",
    ),
    _source("multi-line", "MultiLineInfilling", 5815, ""),
    _source(
        "random-span",
        "RandomSpanInfilling",
        1640,
        "4f15be2d4a479b504072c64e79702df184010f13bdf75f8b67ce08e054c48e26",
    ),
    _source(
        "random-span-light",
        "RandomSpanInfillingLight",
        164,
        "cbb2b36f90311a3a7d844b6361852bb33e3ab11ab3bca2b7e85bfb9bf78c5891",
    ),
)
FIELDS = {
    "task_id": str,
    "entry_point": str,
    "prompt": str,
    "suffix": str,
    "canonical_solution": str,
    "test": str,
}


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read one of the four sets from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    return Benchmark(source.spec, tuple(map(task_from_row, data.rows)), data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row. As in HumanEval, helpers that the tests call come from the reference outside the jail."""
    reference = row["prompt"] + row["canonical_solution"] + row["suffix"]
    tests = f"{row['test']}\ncheck({row['entry_point']})"
    return Task(
        task_id=row["task_id"],
        prompt=row["prompt"],
        suffix=row["suffix"],
        entry_point=row["entry_point"],
        reference=reference,
        checks={
            "official": ScriptCheck(tests, LIMITS),
            "hardened": StubCheck(reference, tests, (row["entry_point"],), LIMITS),
        },
        instruction="Write the text that is missing in this Python program where it says <MISSING>. Answer with the "
        f"missing text alone.\n\n```python\n{row['prompt']}<MISSING>{row['suffix']}\n```\n",
    )
