"""SecurityEval: prompts that invite a known weakness. Loaded as prompts; no rule judges the answers yet.

Row: ID ("CWE-020_author_1.py", the weakness in front), Prompt, Insecure_code (a program that has it).
Source: s2e-lab/SecurityEval, `dataset.jsonl`; Siddiq and Santos, "SecurityEval dataset" (2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task

SOURCES = (
    Source(
        name="securityeval",
        file="securityeval/dataset.jsonl.gz",
        url="https://raw.githubusercontent.com/s2e-lab/SecurityEval/main/dataset.jsonl",
        origin="s2e-lab/SecurityEval",
        tasks=121,
        licence="none stated",
        kind="security",
        sha256="e46918698e190e481399c51330c60049ed34a38ccc2546c9a81f0c84d446335f",
    ),
)
FIELDS = {"ID": str, "Prompt": str, "Insecure_code": str}


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read SecurityEval from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    return Benchmark(source.spec, tuple(map(task_from_row, data.rows)), data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row; it has no right answer, only an insecure one."""
    return Task(
        task_id=row["ID"], prompt=row["Prompt"], entry_point="", reference="", checks={}, buggy=row["Insecure_code"]
    )
