"""A run that is killed, stopped or runs out of disk goes on where it stopped: nothing lost, nothing judged twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from commandline import HERE, read_rows, start, write_benchmark, write_samples

TASKS = 60
COMMAND = ("eval", "humaneval", "--judge", "both", "--model", "recorded:samples.jsonl", "--out")


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_DATA", str(write_benchmark(tmp_path / "data", TASKS)))
    kinds = ("accepted", "wrong_answer", "time_limit", "accepted")
    texts = [f"    return {n} # verdict: {kinds[n % 4]}\n" if n % 13 else "" for n in range(TASKS)]
    write_samples(tmp_path / "samples.jsonl", *texts)


def verdicts(run: str) -> list[tuple[Any, ...]]:
    rows = read_rows(Path(run))
    return sorted(
        (row["task_id"], row["sample"], json.dumps(row["official"]), json.dumps(row["hardened"])) for row in rows
    )


def whole_lines(run: str) -> int:
    file = Path(run) / "verdicts.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for_rows(run: str, number: int, process: subprocess.Popen[str]) -> None:
    ends = time.monotonic() + 20
    while whole_lines(run) < number and process.poll() is None:
        assert time.monotonic() < ends, "no rows come in"
        time.sleep(0.005)


def uninterrupted() -> list[tuple[Any, ...]]:
    process = start(*COMMAND, "whole")
    process.communicate(timeout=30)
    assert process.returncode == 3
    return verdicts("whole")


def test_killed_again_and_again_it_ends_with_the_same_verdicts_and_no_row_twice() -> None:
    expected = uninterrupted()
    log = Path("log")
    kills = 0
    while True:
        process = start(*COMMAND, "run", ASSAY_TEST_DELAY_S="0.01", ASSAY_TEST_LOG=str(log))
        wait_for_rows("run", whole_lines("run") + 12, process)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
    process.communicate()
    assert process.returncode == 3
    assert kills >= 3
    assert verdicts("run") == expected
    assert len(expected) == TASKS
    # Only what was under way when it was killed reaches the judge a second time.
    assert len(log.read_text().splitlines()) <= TASKS + kills
    whole, pieces = (json.loads((Path(run) / "summary.json").read_text()) for run in ("whole", "run"))
    assert whole == pieces


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_130_and_a_word_on_how_to_continue(number: signal.Signals) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored below nohup, and a process inherits that
    process = start(*COMMAND, "run", ASSAY_TEST_DELAY_S="0.02")
    signal.signal(signal.SIGHUP, before)
    wait_for_rows("run", 5, process)
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"{whole_lines('run')} of {TASKS} samples are judged and kept in run" in err
    assert "Continue with: assay eval humaneval" in err
    assert "Traceback" not in err
    process = start(*COMMAND, "run")
    process.communicate(timeout=30)
    assert verdicts("run") == uninterrupted()


def test_a_file_that_may_not_grow_ends_it_with_a_sentence_and_it_continues() -> None:
    process = start(*COMMAND, "run", ASSAY_TEST_FSIZE="8000")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "Writing run/verdicts.jsonl failed: File too large. Nothing already written is lost." in err
    assert "Traceback" not in err
    kept = verdicts("run")
    assert 5 < len(kept) < TASKS
    process = start(*COMMAND, "run")
    process.communicate(timeout=30)
    assert process.returncode == 3
    assert verdicts("run") == uninterrupted()
    assert set(kept) <= set(verdicts("run"))


def test_a_full_disk_ends_it_with_a_sentence_and_it_continues_when_there_is_space() -> None:
    """On a real file system of 128 KiB, in a mount namespace of its own."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare command here")
    namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    assay = f"{sys.executable} {HERE / 'assay_with_fake_judge.py'} {' '.join(COMMAND)} disk/run"
    script = (
        "mkdir disk && mount -t tmpfs -o size=128k tmpfs disk || exit 77\n"
        f"head -c 106496 /dev/zero > disk/ballast; {assay} > out 2> err; echo $? > first; cp -r disk/run kept\n"
        f"rm disk/ballast; {assay} >> out 2>> err; echo $? > second; cp -r disk/run done"
    )
    if subprocess.run([*namespace, "sh", "-c", script], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    assert Path("first").read_text() == "2\n"
    err = Path("err").read_text()
    assert "disk/run/verdicts.jsonl failed: No space left on device. Nothing already written is lost." in err
    kept = verdicts("kept")
    assert 5 < len(kept) < TASKS
    assert Path("second").read_text() == "3\n"
    assert verdicts("done") == uninterrupted()
    assert set(kept) <= set(verdicts("done"))


def test_a_second_process_is_told_who_has_the_folder() -> None:
    first = start(*COMMAND, "run", ASSAY_TEST_DELAY_S="0.05")
    wait_for_rows("run", 1, first)
    second = start(*COMMAND, "run")
    _, err = second.communicate(timeout=20)
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)
    assert second.returncode == 2
    assert f"run is in use by process {first.pid}" in err
