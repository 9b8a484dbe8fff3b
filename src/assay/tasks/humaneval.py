"""HumanEval: complete a function from its signature and docstring; hidden unit tests decide.

Row: task_id, prompt, entry_point, canonical_solution (body only), test (defines `check(candidate)`).
Source: openai/human-eval, `data/HumanEval.jsonl.gz` and `human_eval/execution.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.judge.checks import ScriptCheck, StubCheck
from assay.sandbox.program import Limits
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task

SOURCES = (
    Source(
        name="humaneval",
        file="humaneval/HumanEval.jsonl.gz",
        url="https://raw.githubusercontent.com/openai/human-eval/master/data/HumanEval.jsonl.gz",
        origin="openai/human-eval",
        tasks=164,
        licence="MIT",
        kind="complete",
        sha256="1d49078ba3e2b196b9344535bef34a43021f038fad9561d6ee7c53450609a6a2",
        id_prefix="HumanEval/",
    ),
)
FIELDS = {"task_id": str, "prompt": str, "entry_point": str, "canonical_solution": str, "test": str}
LIMITS = Limits(cpu_s=3.0)
# The stop sequences of the paper (Chen et al. 2021, section 2.1).
STOPS = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read HumanEval from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    return Benchmark(source.spec, tuple(map(task_from_row, data.rows)), data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row.

    The tests of some tasks call helpers that the prompt defines (32, 38, 50) or the entry point by its own name
    instead of `candidate` (33). Outside the jail the reference provides the former, and the stub, which replaces the
    reference's own function, the latter.
    """
    reference = row["prompt"] + row["canonical_solution"]
    tests = f"{row['test']}\ncheck({row['entry_point']})"
    return Task(
        task_id=row["task_id"],
        prompt=row["prompt"],
        entry_point=row["entry_point"],
        reference=reference,
        checks={
            "official": ScriptCheck(tests, LIMITS),
            "hardened": StubCheck(reference, tests, (row["entry_point"],), LIMITS),
        },
        stops=STOPS,
    )
