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


# Meant for at most 12 and 2 minutes on two cores without AVX-512, and for less on better ones (docs/demo.md). Their
# worlds have few operations: with all of them nothing shows for the first million tokens (docs/LOG.md).
FULL = Plan("full", tasks=16_000, test_tasks=800, tokens=2_900_000, steps=120, write=400, other=120, operations=128)
QUICK = Plan(
    "quick",
    tasks=3_000,
    test_tasks=200,
    tokens=480_000,
    steps=10,
    write=120,
    other=40,
    depth=3,
    shown=2,
    operations=40,
    samples=4,
    checks=1,
)
