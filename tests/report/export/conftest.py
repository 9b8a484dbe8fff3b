"""A finished run to export: three tasks with two answers each, judged under both rule sets without a sandbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assay.evaluation.plan import make_plan
from assay.evaluation.reading import Reading, read_with_texts
from assay.tasks.catalog import load

sys.path.insert(0, str(Path(__file__).parents[2] / "cli"))

from commandline import write_benchmark
from test_plan import samples_file
from test_run import go

ANSWERS = [
    ("HumanEval/0", "    return 0\n"),
    ("HumanEval/0", "    return 9 # verdict: wrong_answer\n"),
    ("HumanEval/1", "    return 1 # hardened: tampered\n"),
    ("HumanEval/1", "    return '<&\x00\x1b]]>' # verdict: time_limit\n"),
    ("HumanEval/2", "    return 2\n"),
    ("HumanEval/2", "    return 2 # verdict: harness_error\n"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The run folder. $ASSAY_DATA has a fourth task, which nobody answered."""
    monkeypatch.setenv("ASSAY_DATA", str(write_benchmark(tmp_path / "data", 4)))
    rows = [{"task_id": task_id, "completion": text} for task_id, text in ANSWERS]
    path = samples_file(tmp_path, *rows)
    go(make_plan(load("humaneval"), f"recorded:{path}", judge="both", partial=True), tmp_path / "run")
    more = {"finish_reason": "length", "prompt_tokens": 30, "completion_tokens": 12, "total_s": 1.5, "truncated": True}
    answers = tmp_path / "run" / "completions.jsonl"
    lines = answers.read_text().splitlines()
    lines[0] = json.dumps(json.loads(lines[0]) | more)
    answers.write_text("".join(f"{line}\n" for line in lines))
    return tmp_path / "run"


@pytest.fixture
def reading(folder: Path) -> Reading:
    return read_with_texts(folder)
