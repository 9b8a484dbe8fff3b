"""Small tasks for the tests of reinforcement learning."""

from __future__ import annotations

from assay.forge.task import Case, ForgeTask


def task(number: int = 0, depth: int = 1, operations: tuple[str, ...] = ("add",), tests: int = 10) -> ForgeTask:
    """Add `number` to x."""
    return ForgeTask(
        task_id=f"forge/0/{number}",
        depth=depth,
        operations=operations,
        entry_point="add",
        signature="def add(x):",
        docstring=f"Return x plus {number}.",
        body=f"    return x + {number}\n",
        tests=tuple(Case((x,), x + number) for x in range(-2, tests - 2)),
        audit=tuple(Case((x,), x + number) for x in range(50, 70)),
    )
