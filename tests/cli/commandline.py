"""Small benchmarks and samples on disk, and the command line as a process, with the fake judge or the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Assay = Callable[..., tuple[int, str, str]]


def write_benchmark(folder: Path, tasks: int) -> Path:
    """A data folder whose HumanEval has tasks HumanEval/0 ..., each asking for a function that returns its number."""
    file = folder / "humaneval" / "HumanEval.jsonl"
    file.parent.mkdir(parents=True)
    rows = (
        {
            "task_id": f"HumanEval/{n}",
            "prompt": f'def f{n}():\n    """Return {n}."""\n',
            "entry_point": f"f{n}",
            "canonical_solution": f"    return {n}\n",
            "test": f"def check(candidate):\n    assert candidate() == {n}\n",
        }
        for n in range(tasks)
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def write_samples(path: Path, *texts: str) -> Path:
    """One completion per task, in order."""
    rows = ({"task_id": f"HumanEval/{n}", "completion": text} for n, text in enumerate(texts))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def read_rows(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "verdicts.jsonl").read_bytes().splitlines()]


def start(*argv: str | Path, fake: bool = True, **environment: str) -> subprocess.Popen[str]:
    """The command line as a process of its own, with the fake judge or the real one."""
    program = [str(HERE / "assay_with_fake_judge.py")] if fake else ["-m", "assay"]
    return subprocess.Popen(
        [sys.executable, *program, *map(str, argv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
