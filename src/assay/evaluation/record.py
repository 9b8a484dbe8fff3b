"""The content of `run.json`: what was asked for, on what, with which versions and under which isolation."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import assay
from assay.evaluation.plan import Plan
from assay.evaluation.rows import SCHEMA
from assay.models.model import Model
from assay.sandbox.program import Isolation


def run_record(
    plan: Plan,
    arguments: Mapping[str, Any],
    isolation: Isolation,
    jobs: int,
    earlier: Mapping[str, Any],
    model: Model | None = None,
) -> dict[str, Any]:
    """The record of a session that is about to begin.

    arguments: as the user gave them. jobs: programs judged at once. earlier: the record of the sessions before, or {}.
    model: the one that is asked, if one is.
    """
    session: dict[str, Any] = {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "pid": os.getpid(),
        "jobs": jobs,
        "isolation": isolation.as_json(),
        "versions": versions(),
    }
    asked: dict[str, Any] = {}
    if model is not None and plan.asking is not None:
        session["model"] = model.describe()
        style = {"name": plan.asking.style.name, "sha256": plan.asking.style.sha256}
        asked = {"generation": {**plan.asking.as_json(), "model": session["model"], "prompt": style}}
    return {
        "schema": SCHEMA,
        "benchmark": plan.benchmark.name,
        "data_sha256": plan.benchmark.data_sha256,
        "data_source": plan.benchmark.source,
        "model": plan.model,
        "samples_sha256": plan.identity["samples_sha256"],
        "arguments": dict(arguments),
        "identity": plan.identity,
        "versions": session["versions"],
        "isolation": session["isolation"],
        **asked,
        **plan.carried,
        "sessions": [*earlier.get("sessions", ()), session],
    }


def prompt_style(record: Mapping[str, Any]) -> str:
    """How the model was asked, as far as `run.json` says: the name of a prompt style, or why there is none."""
    style: str | None = record.get("generation", {}).get("prompt", {}).get("name")
    if style:
        return style
    kind = record["model"].partition(":")[0]
    known = {"gold": "none (reference solutions)", "buggy": "none (stored programs)"}
    return known.get(kind, "unknown (recorded samples)" if kind == "recorded" else "unknown")


def versions() -> dict[str, str]:
    """What the verdicts of this process may depend on."""
    return {"assay": assay.__version__, "python": platform.python_version(), "platform": platform.platform()}
