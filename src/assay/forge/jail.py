"""Runs batches of generated programs in the sandbox and brings back plain data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from assay.errors import AssayError
from assay.sandbox import Limits, Program, Sandbox, Status

MIB = 1 << 20
_BATCH = Limits(
    cpu_s=120.0, wall_s=600.0, memory_bytes=256 * MIB, processes=4, output_bytes=256 * MIB, kept_bytes=256 * MIB
)
_ALONE = Limits(cpu_s=5.0, memory_bytes=256 * MIB, processes=4, output_bytes=16 * MIB, kept_bytes=16 * MIB)

Job = dict[str, Any]
Result = dict[str, Any]


@cache
def _runner() -> bytes:
    return files("assay.forge").joinpath("runner.py").read_bytes()


def run(sandbox: Sandbox, jobs: Sequence[Job]) -> list[Result]:
    """One result a job, in order. See `runner.py` for both.

    A batch whose process dies is halved until the program that kills it is alone; that job's result is an "error".
    Raises AssayError when the sandbox itself does not work.
    """
    if not jobs:
        return []
    limits = _BATCH if len(jobs) > 1 else _ALONE
    stdin = json.dumps(jobs, separators=(",", ":")).encode()
    outcome = sandbox.run(Program("python", {"runner.py": _runner()}, "runner.py", stdin=stdin), limits)
    if outcome.status is Status.exited and outcome.exit_code == 0:
        try:
            results = json.loads(outcome.stdout)
        except ValueError:
            results = None
        if isinstance(results, list) and len(results) == len(jobs):
            return results
    if outcome.status is Status.harness_error:
        raise AssayError(f"The sandbox failed: {outcome.detail} Run `assay doctor` to see why.")
    if len(jobs) == 1:
        return [{"error": f"the process ended: {outcome.status}", "died": True}]
    middle = len(jobs) // 2
    return run(sandbox, jobs[:middle]) + run(sandbox, jobs[middle:])
