"""Killed with SIGKILL at random moments, while it asks and while it judges: the same end, no answer asked for twice.

The processes, the server and the judge are real.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commandline import read_rows, start, write_benchmark

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from misbehaving import Server, right_or_wrong

TASKS = 90
KILLS = 10
CONCURRENCY = 4


def prompt(task_id: str) -> str:
    number = task_id.rpartition("/")[2]
    return f'def f{number}():\n    """Return {number}."""\n'


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_DATA", str(write_benchmark(tmp_path / "data", TASKS)))
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def slowly(prompt: str) -> str:
    """A program that takes its time to be judged."""
    return f"    import time; time.sleep(0.02)\n{right_or_wrong(prompt)}"


def begin(server: Server, run: str) -> subprocess.Popen[str]:
    options = ("--prompt", "base", "--concurrency", CONCURRENCY, "--base-url", server.url, "--judge", "both")
    return start("eval", "humaneval", "--model", "openai:tiny", *options, "--out", run, fake=False)


def lines(run: str, file: str) -> list[dict[str, Any]]:
    path = Path(run) / file
    text = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in text.split(b"\n")[:-1]]


def outcome(run: str) -> tuple[Any, ...]:
    """Everything about a run that does not depend on the clock."""
    completions = sorted((row["task_id"], row["sample"], row["completion"]) for row in lines(run, "completions.jsonl"))
    verdicts = sorted(
        (
            row["task_id"],
            row["sample"],
            *((row[name]["verdict"], row[name]["detail"]) for name in ("official", "hardened")),
        )
        for row in read_rows(Path(run))
    )
    summary = json.loads((Path(run) / "summary.json").read_text())
    scores = {name: summary[name] for name in ("tasks", "samples", "official", "hardened", "disagreements")}
    return completions, verdicts, scores


def wait_for(process: subprocess.Popen[str], run: str, file: str, rows: int) -> None:
    ends = time.monotonic() + 60
    path = Path(run) / file
    while (path.read_bytes().count(b"\n") if path.exists() else 0) < rows and process.poll() is None:
        assert time.monotonic() < ends, f"no rows come into {file}"
        time.sleep(0.002)


@pytest.mark.parametrize("stage", ["asking", "judging"])
def test_killed_ten_times_it_ends_as_if_nothing_had_happened(server: Server, stage: str) -> None:
    if stage == "asking":
        server.delay_s = 0.03
        watched = "completions.jsonl"
    else:
        server.answer = slowly
        watched = "verdicts.jsonl"
    whole = begin(server, "whole")
    whole.communicate(timeout=120)
    assert whole.returncode == 0
    assert set(server.asked.values()) == {1}
    assert len(server.asked) == TASKS

    server.asked.clear()
    server.answered.clear()
    dice = random.Random()
    settled: dict[str, int] = {}  # prompt -> how often it had been asked when its answer was found stored
    for kill in range(KILLS):
        process = begin(server, "run")
        done = len(lines("run", watched))
        wait_for(process, "run", watched, done + dice.randint(1, (TASKS - done) // (KILLS - kill + 1)))
        time.sleep(dice.uniform(0, 0.03))
        assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        time.sleep(0.1)  # what it had sent reaches the server
        for row in lines("run", "completions.jsonl"):
            settled.setdefault(prompt(row["task_id"]), server.asked[prompt(row["task_id"])])
    process = begin(server, "run")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err

    assert outcome("run") == outcome("whole")
    asked_again = {key: (times, server.asked[key]) for key, times in settled.items() if server.asked[key] != times}
    assert asked_again == {}, "a stored answer was asked for again"
    # Only what was under way at a kill, and so was never stored, is asked again.
    assert sum(server.asked.values()) <= TASKS + KILLS * CONCURRENCY
    if stage == "judging":
        assert len(settled) == TASKS
