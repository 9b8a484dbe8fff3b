"""`assay eval` as a user runs it, on the real benchmark files, and what it left in its run folder."""

from __future__ import annotations

import functools
import gzip
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

RULE_SETS = ("official", "hardened")
SLOW = bool(os.environ.get("ASSAY_SLOW"))

# MBPP+ tasks whose reference and published sample compute for 15 to 50 CPU seconds, several times over. They would make
# up most of the time of `make test`, so they are judged by tests of their own, when $ASSAY_SLOW is set.
SLOW_TASKS = {
    "mbpp+@v0.2.0": ("Mbpp/255", "Mbpp/599"),
    "mbpp+@v0.1.0": ("Mbpp/255", "Mbpp/599"),
}

# Their other tasks take minutes too, on a machine that has computed no reference outputs yet.
MBPP_PLUS_EVERY = 4

# Where a test would judge thousands of samples, it judges every so many-th unless $ASSAY_SLOW is set.
SAMPLED_EVERY = 20


def data_folder() -> Path:
    """$ASSAY_DATA; skips the test where it is not set."""
    if not os.environ.get("ASSAY_DATA"):
        pytest.skip("needs the benchmark files: set ASSAY_DATA to their folder")
    return Path(os.environ["ASSAY_DATA"]).resolve()


def samples_folder() -> Path:
    """$ASSAY_SAMPLES, or the folder `samples` beside the benchmark files; skips the test where there is none."""
    folder = Path(os.environ.get("ASSAY_SAMPLES") or data_folder().parent / "samples").resolve()
    if not folder.is_dir():
        pytest.skip("needs published samples: set ASSAY_SAMPLES to their folder")
    return folder


def read_json(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def published_texts(file: str) -> dict[str, str]:
    """Task id -> completion of a JSON Lines file below `samples_folder`."""
    rows = map(json.loads, gzip.decompress((samples_folder() / file).read_bytes()).splitlines())
    return {row["task_id"]: row["completion"] for row in rows}


@dataclass(frozen=True)
class Evaluated:
    """summary: what --json printed. samples: task id -> its rows of verdicts.jsonl, by number of the sample."""

    summary: dict[str, Any]
    samples: dict[str, list[dict[str, Any]]]

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The row of each task, where every task has one sample."""
        assert all(len(rows) == 1 for rows in self.samples.values())
        return {task_id: rows[0] for task_id, rows in self.samples.items()}

    def all_passed(self, rule_set: str) -> dict[str, list[bool]]:
        """For each task, whether its samples passed."""
        return {task_id: [row[rule_set]["passed"] for row in rows] for task_id, rows in self.samples.items()}

    def passed(self, rule_set: str) -> set[str]:
        return {task_id for task_id, row in self.rows.items() if row[rule_set]["passed"]}

    def passed_part(self, rule_set: str, part: str) -> set[str]:
        """Tasks whose `base` or `plus` inputs alone were all answered rightly."""
        return {task_id for task_id, row in self.rows.items() if row[rule_set][part] == "accepted"}

    def failures(self, rule_set: str) -> dict[str, str]:
        """For messages: task id -> verdict and detail of everything that did not pass."""
        rows = {task_id: row[rule_set] for task_id, row in self.rows.items()}
        return {task_id: f"{v['verdict']} {v['detail']}" for task_id, v in rows.items() if not v["passed"]}


@functools.cache
def evaluate(benchmark: str, model: str, tasks: tuple[str, ...] = ()) -> Evaluated:
    """Judge under both rule sets; once per process for the same arguments. tasks: these alone.

    Reference outputs are kept in $ASSAY_CACHE_OF_TESTS (see conftest.py).
    """
    with tempfile.TemporaryDirectory(prefix="assay-run-") as folder:
        run = Path(folder) / "run"
        command = [sys.executable, "-m", "assay", "eval", benchmark, "--model", model, "--judge", "both"]
        command += ["--data", str(data_folder()), "--out", str(run), "--json"]
        if tasks:
            command += ["--task", *tasks]
        environment = {**os.environ, "ASSAY_CACHE": os.environ["ASSAY_CACHE_OF_TESTS"]}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in (run / "verdicts.jsonl").read_bytes().splitlines()]
    samples: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["sample"]):
        samples.setdefault(row["task_id"], []).append(row)
    return Evaluated(json.loads(done.stdout), samples)


def fast_tasks(benchmark: str) -> tuple[str, ...]:
    """All tasks, which is written (); of MBPP+ every fourth one, with $ASSAY_SLOW all, but never the slow ones.

    By their numbers, so that they are the same in both versions, whose reference outputs are then computed once.
    """
    from assay.tasks.catalog import load

    slow = SLOW_TASKS.get(benchmark)
    if slow is None:
        return ()
    every = 1 if SLOW else MBPP_PLUS_EVERY
    tasks = [task.task_id for task in load(benchmark, data_folder()).tasks if task.task_id not in slow]
    return tuple(task_id for task_id in tasks if int(task_id.rpartition("/")[2]) % every == 0)


def some_tasks(benchmark: str, every: int = SAMPLED_EVERY) -> tuple[str, ...]:
    """Every so many-th task; with $ASSAY_SLOW all of them, which is written ()."""
    from assay.tasks.catalog import load

    return () if SLOW else tuple(t.task_id for t in load(benchmark, data_folder()).tasks[::every])
