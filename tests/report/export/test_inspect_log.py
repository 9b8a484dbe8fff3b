"""Logs for Inspect AI, read by Inspect AI itself. It is heavy (320 MB), so it has an environment of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assay.evaluation.reading import Reading
from assay.report.export import export, write_file
from assay.report.export.inspect_log import file_name

INSPECT = Path(__file__).parents[3] / ".peers" / "inspect_ai" / "bin" / "python"

READ = """
import json, sys
from inspect_ai.log import list_eval_logs, read_eval_log, read_eval_log_sample, read_eval_log_sample_summaries
path = sys.argv[1]
log = read_eval_log(path)
sample = read_eval_log_sample(path, id="HumanEval/0", epoch=1)
json.dump({
    "listed": len(list_eval_logs(sys.argv[2])),
    "status": log.status, "task": log.eval.task, "model": log.eval.model, "epochs": log.eval.config.epochs,
    "ids": log.eval.dataset.sample_ids, "created": log.eval.created,
    "metrics": {s.name: {n: m.value for n, m in s.metrics.items()} for s in log.results.scores},
    "samples": [[s.id, s.epoch, {n: x.value for n, x in (s.scores or {}).items()}, bool(s.error)] for s in log.samples],
    "summaries": len(read_eval_log_sample_summaries(path)),
    "completion": sample.output.completion, "stop": sample.output.stop_reason, "input": sample.input,
    "tokens": sample.output.usage.total_tokens, "role": sample.messages[-1].role,
    "answer": sample.scores["hardened"].answer, "verdict": sample.scores["hardened"].metadata["verdict"],
}, sys.stdout)
"""


def read_by_inspect(folder: Path, name: str, text: str) -> dict[str, Any]:
    if not INSPECT.exists():
        pytest.skip("needs Inspect AI: `make test-inspect` installs it and runs this test")
    (folder / "logs").mkdir()
    path = folder / "logs" / name
    write_file(path, text)
    done = subprocess.run([INSPECT, "-c", READ, path, path.parent], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_inspect_reads_the_log_as_it_was_meant(reading: Reading, tmp_path: Path) -> None:
    found = read_by_inspect(tmp_path, file_name(reading), export(reading, "inspect"))
    assert (found["status"], found["task"], found["epochs"], found["listed"]) == ("success", "humaneval", 2, 1)
    assert found["model"] == reading.run.model
    assert found["created"] == reading.run.record["sessions"][0]["started"]
    assert found["ids"] == ["HumanEval/0", "HumanEval/1", "HumanEval/2"]
    for rule_set in ("official", "hardened"):
        summary = reading.run.summary[rule_set]
        assert found["metrics"][rule_set] == {"accuracy": summary["pass@1"], "stderr": summary["se"]}
    assert found["samples"] == [
        ["HumanEval/0", 1, {"official": "C", "hardened": "C"}, False],
        ["HumanEval/0", 2, {"official": "I", "hardened": "I"}, False],
        ["HumanEval/1", 1, {"official": "C", "hardened": "I"}, False],
        ["HumanEval/1", 2, {"official": "I", "hardened": "I"}, False],
        ["HumanEval/2", 1, {"official": "C", "hardened": "C"}, False],
        ["HumanEval/2", 2, {}, True],
    ]
    assert found["summaries"] == 6
    assert (found["completion"], found["input"]) == ("    return 0\n", 'def f0():\n    """Return 0."""\n')
    assert (found["stop"], found["tokens"], found["role"]) == ("max_tokens", 42, "assistant")
    assert (found["answer"], found["verdict"]) == (reading.samples[0].program, "accepted")


def test_a_log_of_one_rule_set_has_one_scorer(reading: Reading, tmp_path: Path) -> None:
    found = read_by_inspect(tmp_path, "any.json", export(reading, "inspect", "hardened"))
    assert list(found["metrics"]) == ["hardened"]


def test_the_log_is_version_two_of_the_format(reading: Reading) -> None:
    log = json.loads(export(reading, "inspect"))
    assert (log["version"], log["status"]) == (2, "success")
    assert {sample["id"] for sample in log["samples"]} == set(log["eval"]["dataset"]["sample_ids"])
