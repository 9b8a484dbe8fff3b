"""Tasks of your own on the command line: written, proven, evaluated. The example of the manual is run here, too."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "tasks"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def assay(*argv: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "assay", *argv], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_shipped_examples_are_proven() -> None:
    status, out, err = assay("tasks", "check", str(EXAMPLES), "--mutants", "6", "--json")
    assert status == 0, err
    found = json.loads(out)["tasks"]
    assert [task["task_id"] for task in found] == ["ledger", "line-count", "run-length", "two-numbers"]
    assert all(task["proven"] and task["killed"] for task in found)


def test_a_new_example_is_written_once_and_is_proven() -> None:
    status, out, _ = assay("tasks", "init", "mine/first")
    assert (status, out) == (0, "Wrote mine/first. Prove it with: assay tasks check mine/first\n")
    status, out, err = assay("tasks", "check", "mine/first")
    assert status == 0, err
    assert "1 of 1 tasks are proven." in out
    status, _, err = assay("tasks", "init", "mine/first")
    assert status == 2
    assert "mine/first is there already" in err


def test_the_example_of_the_manual_does_what_it_says() -> None:
    manual = (ROOT / "docs" / "your-own-tasks.md").read_text()
    files = re.findall(r"^`(my-tasks/[\w./-]+)`:\n\n```\w*\n(.*?)^```$", manual, re.MULTILINE | re.DOTALL)
    assert len(files) >= 3
    for name, text in files:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    status, out, err = assay("tasks", "check", "./my-tasks")
    assert status == 0, out + err
    status, _, err = assay("eval", "./my-tasks", "--model", "gold", "--judge", "both", "--out", "run")
    assert status == 0, err


def test_a_model_is_evaluated_on_them() -> None:
    shutil.copytree(EXAMPLES, "my-tasks")
    answers = {
        "run-length": "    out = []\n    for c in text:\n        if out and out[-1][0] == c:\n"
        "            out[-1] = (c, out[-1][1] + 1)\n        else:\n            out.append((c, 1))\n    return out\n",
        "ledger": "Here it is:\n```python\nclass Ledger:\n    pass\n```\n",
        "two-numbers": "```bash\nread -r n s; read -ra xs\n"
        "for ((i = 0; i < n; i++)); do for ((j = i + 1; j < n; j++)); do\n"
        "  if ((xs[i] + xs[j] == s)); then echo $((j + 1)) $((i + 1)); exit; fi\ndone; done\necho none\n```\n",
        "line-count": "```bash\nexit 0\n```\n",
    }
    rows = [{"task_id": task_id, "completion": text} for task_id, text in answers.items()]
    Path("answers.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    status, out, err = assay("eval", "./my-tasks", "--model", "recorded:answers.jsonl", "--out", "run", "--json")
    assert status == 0, err
    found = {}
    for line in Path("run/verdicts.jsonl").read_text().splitlines():
        row = json.loads(line)
        found[row["task_id"]] = row["hardened"]["verdict"]
    assert found == {
        "run-length": "accepted",
        "ledger": "runtime_error",
        "two-numbers": "accepted",
        "line-count": "early_exit",
    }
    assert json.loads(out)["benchmark"] == "./my-tasks"
    status, out, _ = assay("tasks", "show", "./my-tasks", "two-numbers")
    assert status == 0
    assert "file checker.py:" in out or "checker" in out


def test_tasks_that_changed_are_not_mixed_into_an_earlier_run() -> None:
    shutil.copytree(EXAMPLES / "run-length", "my-tasks/run-length")
    assert assay("eval", "./my-tasks", "--model", "gold", "--out", "run")[0] == 0
    Path("my-tasks/run-length/tests.py").write_text('assert encode("") == []\n')
    status, _, err = assay("eval", "./my-tasks", "--model", "gold", "--out", "run")
    assert status == 2
    assert "the benchmark's data (--data, by its sha256) was" in err


def test_a_task_that_proves_nothing_ends_with_status_1_and_one_that_is_wrong_with_2() -> None:
    shutil.copytree(EXAMPLES / "run-length", "my-tasks/run-length")
    Path("my-tasks/run-length/tests.py").write_text("assert encode('') is not None or True\n")
    status, out, _ = assay("tasks", "check", "my-tasks")
    assert status == 1
    assert "NOT PROVEN" in out
    assert "0 of 1 tasks are proven." in out
    Path("my-tasks/run-length/tests.py").write_text("assert encode('' is None\n")
    status, _, err = assay("tasks", "check", "my-tasks")
    assert status == 2
    assert "my-tasks/run-length/tests.py, line 1: this is not Python" in err
    assert "Traceback" not in err
