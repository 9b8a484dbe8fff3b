"""`assay eval` with the real judge and sandbox: honest, wrong and cheating answers, kill -9, and what stays behind."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commandline import read_rows, start, write_benchmark, write_samples

PR_SET_CHILD_SUBREAPER = 36
TASKS = 24


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_DATA", str(write_benchmark(tmp_path / "data", TASKS)))


@pytest.fixture
def orphans() -> Iterator[Any]:
    """Gives a function that waits for every descendant of this process to be gone and returns those that are not.

    Orphans become children of this process, so that none can hide behind a dead parent.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = set(children())

    def left(timeout_s: float = 10.0) -> list[str]:
        ends = time.monotonic() + timeout_s
        while True:
            for pid in set(children()) - before:
                os.waitpid(pid, os.WNOHANG)
            names = [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in set(children()) - before]
            if not names or time.monotonic() > ends:
                return names
            time.sleep(0.05)

    yield left
    libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def mounts() -> int:
    return len(Path("/proc/self/mounts").read_text().splitlines())


def assay(*argv: str, **environment: str) -> tuple[int, str, str]:
    process = start(*argv, fake=False, **environment)
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    return process.returncode, out, err


def kinds(run: str, rule_set: str = "hardened") -> dict[str, str]:
    return {row["task_id"]: row[rule_set]["verdict"] for row in read_rows(Path(run))}


def test_references_are_accepted_under_both_rule_sets(orphans: Any) -> None:
    before = mounts()
    status, out, _ = assay("eval", "humaneval", "--model", "gold", "--judge", "both", "--out", "run", "--json")
    summary = json.loads(out)
    assert status == 0
    assert summary["official"]["pass@1"] == summary["hardened"]["pass@1"] == 1.0
    assert summary["harness_errors"] == 0
    assert summary["cpu_s"] > 0
    isolation = json.loads(Path("run/run.json").read_text())["isolation"]
    assert isolation["level"] in ("namespaces", "landlock")
    assert orphans() == []
    assert mounts() == before


def test_the_built_in_tasks_need_no_data_and_their_references_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_DATA")
    status, out, _ = assay("eval", "demo", "--model", "gold", "--judge", "both", "--out", "run")
    assert status == 0, out
    assert set(kinds("run").values()) | set(kinds("run", "official").values()) == {"accepted"}
    assert len(kinds("run")) >= 30


def test_wrong_cheating_and_odd_answers_get_their_verdicts() -> None:
    texts = [
        "    return 0\n",
        "    return 7\n",
        "    class Yes:\n        __eq__ = lambda self, other: True\n    return Yes()\n",
        "    import os\n    os._exit(0)\n",
        "    return (\n",
        "    raise KeyError('x')\n",
        "",
        "    return '\0'\n",
        "    return 8\n#" + "x" * 10_000_000,
    ]
    samples = write_samples(Path("samples.jsonl"), *texts)
    status, _, err = assay(
        "eval", "humaneval", "--limit", "9", "--model", f"recorded:{samples}", "--judge", "both", "--out", "run"
    )
    assert status == 3
    assert err.count("correct or remove that line") == 3
    found = kinds("run")
    assert [found[f"HumanEval/{n}"] for n in range(7)] == [
        "accepted",
        "wrong_answer",
        "wrong_answer",
        "early_exit",
        "compile_error",
        "runtime_error",
        "no_code",
    ]
    assert found["HumanEval/7"] != "accepted"
    assert found["HumanEval/8"] == "accepted"
    assert kinds("run", "official")["HumanEval/2"] == "accepted"


def test_killed_again_and_again_nothing_is_lost_repeated_or_left_behind(orphans: Any) -> None:
    before = mounts()
    texts = [f"    import time\n    time.sleep(0.2)\n    return {n if n % 3 else -1}\n" for n in range(TASKS)]
    write_samples(Path("samples.jsonl"), *texts)
    command = ("eval", "humaneval", "--model", "recorded:samples.jsonl", "--jobs", "2", "--out", "run")
    for wanted in (4, 9, 14):
        process = start(*command, fake=False)
        ends = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < ends:
            file = Path("run/verdicts.jsonl")
            if file.exists() and file.read_bytes().count(b"\n") >= wanted:
                break
            time.sleep(0.01)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert orphans() == []
    status, _, err = assay(*command)
    assert status == 0, err
    rows = read_rows(Path("run"))
    assert len(rows) == len({row["task_id"] for row in rows}) == TASKS
    expected = {f"HumanEval/{n}": "accepted" if n % 3 else "wrong_answer" for n in range(TASKS)}
    assert kinds("run") == expected
    assert orphans() == []
    assert mounts() == before


def test_ctrl_c_leaves_nothing_behind_and_exits_with_130(orphans: Any) -> None:
    write_samples(Path("samples.jsonl"), *(f"    while True: pass\n    return {n}\n" for n in range(TASKS)))
    process = start("eval", "humaneval", "--model", "recorded:samples.jsonl", "--out", "run", fake=False)
    ends = time.monotonic() + 60
    while not Path("run/run.json").exists() and time.monotonic() < ends:
        time.sleep(0.01)
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - began < 15
    assert "Continue with: assay eval humaneval" in err
    assert "Traceback" not in err
    assert orphans() == []
