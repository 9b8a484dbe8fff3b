"""Rewards for TRL: `GRPOTrainer(reward_funcs=[code_reward()], ...)`, also for RLOO and the like.

TRL calls a reward function with prompts, completions and every column of the data set, and takes None for "no reward":
such a completion is left out of its group's mean and gets no advantage. Source: TRL 1.16, `grpo_trainer.py`,
`_calculate_rewards`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from assay.rewards.columns import COLUMNS
from assay.rewards.reward import CodeReward
from assay.rewards.text import text_of


class TrlReward:
    """A reward function. Close it (or use it as a context manager) when training is done.

    reward: the core, with its counts.
    """

    def __init__(self, reward: CodeReward, name: str = "code_reward") -> None:
        self.reward = reward
        self.__name__ = name  # what TRL's logs call it

    def __enter__(self) -> TrlReward:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.reward.close()

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        log_metric: Callable[[str, float], None] | None = None,
        **columns: Any,
    ) -> list[float | None]:
        """One reward per completion. Raises AssayError for columns that hold no tests."""
        tests = {name: column for name, column in columns.items() if name in COLUMNS}
        if all(isinstance(prompt, str) for prompt in prompts):
            tests["prompt"] = list(prompts)
        graded = self.reward.grade([text_of(completion) for completion in completions], tests)
        if log_metric is not None and graded:
            for name in ("no_code", "compile_error", "time_limit", "tampered", "harness_error"):
                share = sum(one.verdict.kind.value == name for one in graded) / len(graded)
                log_metric(f"{self.__name__}/{name}", share)
        return [one.reward for one in graded]


def code_reward(name: str = "code_reward", **options: Any) -> TrlReward:
    """A reward function for `reward_funcs`. options: as for `CodeReward`."""
    return TrlReward(CodeReward(**options), name)
