"""Checks and programs for the judge's tests, in few words."""

from __future__ import annotations

from typing import Any

from assay.judge.checks import DifferentialCheck, Inputs, Oracle, StubCheck
from assay.sandbox.program import MIB, Limits

LIMITS = Limits(cpu_s=2.0, memory_bytes=512 * MIB)
ADD = "def add(a, b):\n    return a + b\n"


def stub(tests: str, *names: str, context: str = "", cpu_s: float = 2.0) -> StubCheck:
    """Tests outside the jail against the functions `names` (f by default)."""
    return StubCheck(context, tests, names or ("f",), LIMITS.with_cpu_s(cpu_s))


def differential(reference: str, base: list[Any], plus: list[Any] | None = None, **more: Any) -> DifferentialCheck:
    """Inputs are lists of arguments; the function is f."""
    inputs = {"base": Inputs.of(base)}
    if plus is not None:
        inputs["plus"] = Inputs.of(plus)
    given: dict[str, Any] = {"oracle": Oracle("0.3"), "limits": LIMITS, "min_time_s": 0.5, "task_cap_s": 5.0, **more}
    return DifferentialCheck("f", reference, inputs, **given)
