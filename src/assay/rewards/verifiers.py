"""Rewards for verifiers: `CodeRubric()` is a `Rubric` whose reward is whether a rollout's program passes its tests.

The tests are columns of the data set, top-level or in `info`; without any, `answer` is taken as `ground_truth`.
Verifiers turns what a reward function raises into 0. So where the harness failed, `state["error"]` is set, by which it
tells failures of the infrastructure, and the metric `harness_error` is 1. Source: verifiers 0.1.14,
`rubrics/rubric.py`, the last line with rubrics; 0.4 has none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from assay.errors import AssayError
from assay.rewards.columns import COLUMNS, NESTED, has_tests
from assay.rewards.reward import CodeReward
from assay.rewards.text import text_of


async def grade_state(reward: CodeReward, state: Mapping[str, Any]) -> tuple[float | None, str]:
    """(the reward of a rollout, None where the harness failed; its verdict)."""
    row = row_of(state)
    (graded,) = await asyncio.to_thread(reward.grade, [text_of(state["completion"])], [row])
    return graded.reward, graded.verdict.kind.value


def row_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The tests of a rollout: columns of its input, those in `info`, and `answer` where these hold none."""
    row: dict[str, Any] = {}
    info = state.get("info") or {}
    info = json.loads(info) if isinstance(info, str) else info
    for source in (state.get("input"), state, info):
        if isinstance(source, Mapping):
            row.update({name: source[name] for name in COLUMNS if source.get(name) is not None})
    if state.get("answer") and not _has_tests(row):  # else it is most often a reference solution
        row["ground_truth"] = state["answer"]
    if not isinstance(row.get("prompt"), str):
        row.pop("prompt", None)
    return row


def _has_tests(row: Mapping[str, Any]) -> bool:
    from assay.rewards.benchmarks import names_benchmark  # which imports every benchmark

    by_id = "task_id" in row and ("benchmark" in row or names_benchmark(str(row["task_id"])))
    return by_id or has_tests(row) or any(name in row for name in NESTED)


def CodeRubric(**options: Any) -> Any:
    """A `verifiers.Rubric`. options: as for `CodeReward`. Raises AssayError where verifiers has no rubrics."""
    try:
        from verifiers import Rubric, SandboxError  # type: ignore[import-not-found, attr-defined, unused-ignore]
    except ImportError:
        raise AssayError(
            "This needs a version of verifiers with rubrics: pip install 'verifiers<0.2'. Of later ones, call "
            "assay.rewards.CodeReward in the taskset's own reward function."
        ) from None

    reward = CodeReward(**options)

    async def passes_tests(state: Any) -> float:
        number, verdict = await grade_state(reward, state)
        state["harness_error"] = number is None
        state["verdict"] = verdict
        if number is None:
            state["error"] = SandboxError("The harness failed, so nothing is known of this program.")
            return 0.0
        return number

    def harness_error(state: Any) -> float:
        return float(state.get("harness_error", False))

    rubric = Rubric(funcs=[passes_tests, harness_error], weights=[1.0, 0.0])
    rubric.reward = reward
    return rubric
