"""One line that says what a program does, for training on code -> description."""

from __future__ import annotations

from assay.forge.ir import Var
from assay.forge.plan import Plan
from assay.forge.render.python import literal


def summarise(plan: Plan) -> str:
    """The steps by their plainest phrases, in one line, without naming variables."""
    parts = []
    for step in plan.steps:
        text = step.operation.phrases[0]
        while "[" in text:
            start, end = text.index("["), text.index("]")
            text = text[:start] + text[end + 1 :]
        text = text.replace(" {x}", "")
        text = text.replace("{y}", "another value")
        for number, constant in enumerate(step.constants):
            text = text.replace(f"{{{number}}}", constant.name if isinstance(constant, Var) else literal(constant))
        parts.append(text)
    return "; ".join(parts)
