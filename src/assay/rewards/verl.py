"""Rewards for verl: point `reward.custom_reward_function.path` at this file and `name` at `compute_score`.

`ground_truth` holds the tests (`assay.rewards.columns`): a mapping or JSON with any of the forms there, such as verl's
own {"inputs": [...], "outputs": [...]}, or the text of asserts. `extra_info` may hold further columns.
Source: verl 0.9, `experimental/reward_loop/reward_manager/naive.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.errors import AssayError
from assay.rewards.columns import COLUMNS
from assay.rewards.reward import shared


class NoReward(AssayError):
    """The harness failed, so nothing is known of the program. Verl has no way to leave a sample out."""


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    harness_error: float | None = None,
    **_: Any,
) -> dict[str, Any]:
    """{"score": the reward, "acc": whether all tests passed, "verdict": how it ended}.

    harness_error: the score where the harness failed three times over, given by `reward_kwargs`; without it that ends
    the training, since a made-up score would teach something false. Raises NoReward then, and AssayError for tests that
    are not understood.
    """
    given = {} if extra_info is None else {name: extra_info[name] for name in COLUMNS if name in extra_info}
    inner = ground_truth if isinstance(ground_truth, Mapping) else {"ground_truth": ground_truth}
    (graded,) = shared().grade([solution_str], [{**given, **inner}])
    reward = harness_error if graded.reward is None else graded.reward
    if reward is None:
        raise NoReward(
            f"The harness failed on an answer to {data_source!r}: {graded.verdict.detail}. Run `assay doctor`; to "
            "train on all the same, set reward_kwargs.harness_error to the score of such an answer."
        )
    return {"score": reward, "acc": graded.verdict.passed, "verdict": graded.verdict.kind.value}
