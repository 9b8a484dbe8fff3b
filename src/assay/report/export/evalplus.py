"""EvalPlus: `samples.jsonl`, which its evaluator reads, and the results that it writes (`*_eval_results.json`).

Source: evalplus 0.3.1, evalplus/evaluate.py and evalplus/data/utils.py.
"""

from __future__ import annotations

import json
from typing import Any

from assay.evaluation.reading import Reading, StoredSample
from assay.judge.verdict import Verdict, VerdictKind


def samples(reading: Reading, rule_set: str | None = None) -> str:
    """One row for each sample, with the whole program that was judged."""
    rows = ({"task_id": one.task_id, "solution": one.program, "sample": one.number} for one in reading.samples)
    return "".join(json.dumps(row) + "\n" for row in rows)


def results(reading: Reading, rule_set: str | None = None) -> str:
    """The verdicts by task. rule_set: official where the run has it, since that is what EvalPlus's own statuses are.

    EvalPlus stores an md5 of its data under "hash"; here stands the sha256 of the same file, named as such. Failing
    inputs are not stored by either side unless asked for.
    """
    chosen = rule_set or ("official" if "official" in reading.run.rule_sets else "hardened")
    tasks: dict[str, list[dict[str, Any]]] = {}
    for one in reading.samples:
        tasks.setdefault(one.task_id, []).append(_result(one, one.verdicts[chosen]))
    started = str(reading.run.record["sessions"][0]["started"])
    body = {"date": started[:16].replace("T", " "), "hash": f"sha256:{reading.data_sha256}", "eval": tasks}
    return json.dumps(body) + "\n"


def _result(one: StoredSample, verdict: Verdict) -> dict[str, Any]:
    parts = dict(verdict.parts)
    return {
        "task_id": one.task_id,
        "solution": one.program,
        "base_status": _status(parts.get("base", verdict.kind)),
        # A benchmark without extra inputs has no such status, as with --base-only.
        "plus_status": _status(parts.get("plus", verdict.kind)) if parts else None,
        "base_fail_tests": [],
        "plus_fail_tests": [],
    }


def _status(kind: VerdictKind) -> str:
    return {VerdictKind.accepted: "pass", VerdictKind.time_limit: "timeout"}.get(kind, "fail")
