"""Inspect AI: an evaluation log (`.json`) that `inspect_ai.log.read_eval_log` reads.

`inspect view` lists only files whose names are as Inspect's own: see `file_name`.

Source: inspect_ai 0.3.285, `EvalLog` in inspect_ai/log/_log.py, version 2 of the log format.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from assay.evaluation.reading import Reading, StoredSample
from assay.judge.verdict import VerdictKind

_STOP_REASONS = {"stop": "stop", "length": "max_tokens", "cut": "max_tokens", "content_filter": "content_filter"}


def file_name(reading: Reading) -> str:
    """How Inspect would call this log: date, task, id."""
    started = reading.run.record["sessions"][0]["started"].replace(":", "-").replace("+", "-")
    return f"{started}_{re.sub(r'[^A-Za-z0-9.+-]+', '-', reading.run.benchmark)}_{_identity(reading)[:20]}.json"


def eval_log(reading: Reading, rule_set: str | None = None) -> str:
    """Tasks are the log's samples and samples of a task its epochs; each rule set is a scorer."""
    run, record = reading.run, reading.run.record
    rule_sets = [rule_set] if rule_set else list(run.rule_sets)
    sessions = record["sessions"]
    task_ids = list(dict.fromkeys(one.task_id for one in reading.samples))
    identity = _identity(reading)
    log = {
        "version": 2,
        "status": "success",
        "eval": {
            "eval_id": identity[:22],
            "run_id": identity[22:44],
            "task_id": identity[:20],
            "created": sessions[0]["started"],
            "task": run.benchmark,
            "dataset": {
                "name": run.benchmark,
                "location": record.get("data_source") or None,
                "samples": len(task_ids),
                "sample_ids": task_ids,
                "shuffled": False,
            },
            "model": run.model,
            "config": {"epochs": max((one.number for one in reading.samples), default=0) + 1},
            "packages": {"assay": record["versions"]["assay"]},
            "metadata": {
                "data_sha256": reading.data_sha256,
                "extract": reading.extractor,
                "prompt": reading.prompt_style,
                "isolation": record["isolation"],
            },
        },
        "results": {
            "total_samples": len(reading.samples),
            "completed_samples": len(reading.samples),
            "scores": [_score(run.summary[name], name) for name in rule_sets],
        },
        "stats": {"started_at": sessions[0]["started"], "completed_at": sessions[-1]["started"]},
        "samples": [_sample(reading, one, rule_sets) for one in reading.samples],
    }
    return json.dumps(log, indent=2) + "\n"


def _identity(reading: Reading) -> str:
    """The same whenever the run is exported, and another one for every run."""
    body = [reading.run.benchmark, reading.run.model, reading.run.record["sessions"][0]]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _score(summary: dict[str, Any], rule_set: str) -> dict[str, Any]:
    found = {"accuracy": summary.get("pass@1"), "stderr": summary.get("se")}
    return {
        "name": rule_set,
        "scorer": rule_set,
        "scored_samples": summary["judged"],
        "unscored_samples": summary["harness_errors"],
        "metrics": {name: {"name": name, "value": value} for name, value in found.items() if value is not None},
        "metadata": {"ci95": summary["ci95"]} if "ci95" in summary else None,
    }


def _sample(reading: Reading, one: StoredSample, rule_sets: list[str]) -> dict[str, Any]:
    task = reading.tasks[one.task_id]
    text, answer = one.text or "", one.answer
    tokens = [answer.get(name, 0) for name in ("prompt_tokens", "completion_tokens")]
    message = {"role": "assistant", "content": text, "source": "generate", "model": reading.run.model}
    stop_reason = _STOP_REASONS.get(answer.get("finish_reason", ""), "unknown")
    output: dict[str, Any] = {
        "model": reading.run.model,
        "choices": [{"message": message, "stop_reason": stop_reason}],
        "completion": text,
    }
    if any(tokens):
        output["usage"] = {"input_tokens": tokens[0], "output_tokens": tokens[1], "total_tokens": sum(tokens)}
    if "total_s" in answer:
        output["time"] = answer["total_s"]
    body: dict[str, Any] = {
        "id": one.task_id,
        "epoch": one.number + 1,
        "input": task.prompt,
        "target": task.reference,
        "messages": [{"role": "user", "content": task.prompt, "source": "input"}, message],
        "output": output,
        "scores": {},
        "metadata": {"entry_point": task.entry_point, "language": task.language},
    }
    for name in rule_sets:
        verdict = one.verdicts[name]
        if verdict.kind is VerdictKind.harness_error:
            # A score of "incorrect" would blame the answer; Inspect leaves samples with an error out, as Assay does.
            body["error"] = {"message": verdict.detail, "traceback": "", "traceback_ansi": ""}
            continue
        body["scores"][name] = {
            "value": "C" if verdict.passed else "I",
            "answer": one.program,
            "explanation": verdict.detail or None,
            "metadata": {"verdict": verdict.kind.value, "flags": list(verdict.flags), "cpu_s": verdict.cpu_s},
        }
    return body
