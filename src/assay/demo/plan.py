"""How large the job is. Everything is counted in tasks, tokens and steps, not in minutes: so it can be repeated."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Plan:
    """tasks, test_tasks: that the forge makes. tokens: of pre-training. steps: of reinforcement learning.

    depth: of the deepest tasks. shown: deeper ones have no solution, only specification and tests. operations: how many
    the forge chooses from, 0 for all.
    write, other: held-out tasks that are asked to be written, and of each of the other kinds. samples: of each, besides
    the greedy answer. prompts: of a step of reinforcement learning. scale: of the network. seed: of everything.
    """

    name: str
    tasks: int
    test_tasks: int
    tokens: int
    steps: int
    write: int
    other: int
    depth: int = 5
    shown: int = 3
    operations: int = 0
    samples: int = 8
    prompts: int = 12
    checks: int = 4
    scale: str = "nano"
    seed: int = 1

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


# Meant for 10 and 2 minutes on two quiet cores (11 and 3 were measured, docs/LOG.md). The small one has a
# world of fewer operations, since in the large one nothing shows for the first million and a half tokens.
FULL = Plan("full", tasks=20_000, test_tasks=800, tokens=4_000_000, steps=110, write=500, other=150)
QUICK = Plan(
    "quick",
    tasks=4_000,
    test_tasks=200,
    tokens=900_000,
    steps=12,
    write=120,
    other=40,
    depth=4,
    shown=2,
    operations=40,
    samples=4,
    checks=1,
)
