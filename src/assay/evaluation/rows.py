"""One row of `verdicts.jsonl`: one task and sample, with the verdict of every rule set that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.verdict import Verdict, VerdictKind

SCHEMA = 1
Key = tuple[str, int]
Row = dict[str, Any]


def make_row(key: Key, verdicts: Mapping[str, Verdict], rule_sets: Sequence[str]) -> Row:
    """The row of a (task_id, sample). CPU and wall seconds are sums over the rule sets, memory is the largest."""
    row: Row = {"schema": SCHEMA, "task_id": key[0], "sample": key[1]}
    cpu_s = wall_s = 0.0
    peak_bytes = 0
    for name in rule_sets:
        verdict = verdicts[name]
        row[name] = verdict.as_json()
        cpu_s += verdict.cpu_s
        wall_s += verdict.wall_s
        peak_bytes = max(peak_bytes, verdict.peak_bytes)
    row.update(cpu_s=round(cpu_s, 6), wall_s=round(wall_s, 6), peak_bytes=peak_bytes)
    return row


def check_schema(path: Path, record: Mapping[str, Any]) -> None:
    """Raise AssayError when a later version of Assay wrote the record in `path`."""
    schema = record.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise AssayError(
            f"{path} has schema {schema}, which is newer than this Assay reads ({SCHEMA}). Use the version of Assay "
            "that made the run, or a later one."
        )


def parse_row(line: bytes, where: str, rule_sets: Sequence[str]) -> Row:
    """A whole line as a row, with every field that a score needs.

    where: file and line, for the message. Raises AssayError when it is anything else.
    """
    try:
        row = json.loads(line)
    except ValueError:
        raise damaged(where, "is not JSON") from None
    if not isinstance(row, dict) or row.get("schema") != SCHEMA:
        raise damaged(where, f"is not a verdict row of schema {SCHEMA}")
    if not (
        isinstance(row.get("task_id"), str)
        and type(row.get("sample")) is int
        and isinstance(row.get("cpu_s"), int | float)
        and all(_is_verdict(row.get(name)) for name in rule_sets)
    ):
        raise damaged(where, f"lacks fields of a verdict row ({', '.join(rule_sets)})")
    return row


def verdict_from_json(body: Mapping[str, Any]) -> Verdict:
    """The reverse of `Verdict.as_json`, for an object that `parse_row` let pass."""
    parts = (
        (name, VerdictKind(value))
        for name, value in body.items()
        if name not in ("verdict", "detail", "output") and value in VerdictKind.__members__.values()
    )
    return Verdict(
        VerdictKind(body["verdict"]),
        body["detail"],
        cpu_s=body.get("cpu_s", 0.0),
        wall_s=body.get("wall_s", 0.0),
        peak_bytes=body.get("peak_bytes", 0),
        flags=tuple(body.get("flags", ())),
        parts=tuple(parts),
        output=body.get("output", ""),
    )


def has_harness_error(row: Row, rule_sets: Sequence[str]) -> bool:
    """True when at least one rule set came to no verdict."""
    return any(row[name]["verdict"] == VerdictKind.harness_error for name in rule_sets)


def damaged(where: str, what: str) -> AssayError:
    """The error for a row that assay did not write."""
    return AssayError(
        f"{where} {what}. The file was changed from outside: remove that line to have its sample judged again, or "
        "choose another folder with --out."
    )


def _is_verdict(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.get("verdict") in VerdictKind.__members__
        and isinstance(value.get("passed"), bool)
        and isinstance(value.get("detail"), str)
    )
