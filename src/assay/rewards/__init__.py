"""Rewards from running programs, for any trainer: completions and tests in, numbers out.

>>> from assay.rewards import CodeReward
>>> with CodeReward() as reward:  # doctest: +SKIP
...     reward.score(["def add(a, b):\\n    return a + b\\n"], {"test_list": [["assert add(2, 3) == 5"]]})
[1.0]

`assay.rewards.trl`, `assay.rewards.verl` and `assay.rewards.verifiers` are the same for those trainers.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.rewards.columns import task_from_row
    from assay.rewards.reward import CodeReward, Graded, score
    from assay.rewards.scale import BINARY, LADDER, Scale

_WHERE = {
    "BINARY": "scale",
    "CodeReward": "reward",
    "Graded": "reward",
    "LADDER": "scale",
    "Scale": "scale",
    "score": "reward",
    "task_from_row": "columns",
}
__all__ = ["BINARY", "LADDER", "CodeReward", "Graded", "Scale", "score", "task_from_row"]


def __getattr__(name: str) -> Any:
    # Loaded on demand, so that looking at one adapter imports no benchmark.
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
