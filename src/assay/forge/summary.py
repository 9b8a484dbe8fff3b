"""One line that says what a program does, for training on code -> description."""

from __future__ import annotations

from assay.forge.plan import Plan
from assay.forge.specification import NOUN, filled


def summarise(plan: Plan) -> str:
    """The steps by their plainest phrases, in one line, without naming variables."""
    parts = []
    for step in plan.steps:
        text = step.operation.phrases[0]
        while "[" in text:
            start, end = text.index("["), text.index("]")
            text = text[:start] + text[end + 1 :]
        text = text.replace("{x}", NOUN[step.operation.takes[0]])
        if len(step.inputs) > 1:
            other = step.inputs[1]
            text = text.replace("{y}", plan.side if other >= 0 else plan.params[-1 - other].name)
        parts.append(filled(text, step))
    if plan.side:
        parts[0] = f"{plan.side} is {parts[0]}"
    return "; ".join(parts)
