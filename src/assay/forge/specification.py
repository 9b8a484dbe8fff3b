"""What a task says: the steps in plain English, in one of several forms, and examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from assay.forge.ir import BOOL, BOOLS, COUNTS, INT, INT_COUNTS, INTS, ROWS, STR, STRS, Type, Var
from assay.forge.operations.operation import brief_phrases
from assay.forge.plan import Plan, Step, weighted
from assay.forge.render.python import literal
from assay.forge.task import Case

NOUN: dict[Type, str] = {
    INTS: "the list", STRS: "the list", ROWS: "the list", BOOLS: "the list", STR: "the string", COUNTS: "the dict",
    INT_COUNTS: "the dict", INT: "it", BOOL: "it",
}  # fmt: skip
_FIRST: dict[Type, str] = {
    INTS: "the list ",
    STRS: "the list ",
    ROWS: "the list ",
    STR: "the string ",
    COUNTS: "the dict ",
}
_GIVEN: dict[Type, str] = {
    INTS: "a list {} of numbers", STRS: "a list {} of strings", ROWS: "a list {} of lists of numbers",
    STR: "a string {}", COUNTS: "a dict {} from strings to numbers", INT: "a number {}",
}  # fmt: skip
_SINGULAR = re.compile(r"\b(first|last|than|of) 1 (number|string|character)s\b")
_ORDINAL = re.compile(r"\b(\d)th\b")
_VALUE = ("the ", "how ", "whether ")
_FORMS = (("line", 0.55), ("sentences", 0.2), ("list", 0.25))


def specify(rng: Random, plan: Plan, brief: bool = False) -> str:
    """The text, one or a few lines, without examples. brief: in few words and one form."""
    parts = []
    steps = list(plan.steps)
    lead = ""
    if plan.side:
        lead = f"Let {plan.side} be {phrase(rng, plan, steps.pop(0), True, brief)}. "
    chain = len(steps)
    for number, step in enumerate(steps):
        said = phrase(rng, plan, step, number == 0, brief)
        is_value = said.startswith(_VALUE)
        if number == chain - 1:
            ending = " and return it" if brief else f"{',' if ',' in said else ''} and return {_result(step)}"
            said = f"return {said}" if is_value else said + ending
        elif is_value:
            plain = brief or not said.startswith("the ")
            verb = "find" if plain else ("take", "find", "compute")[int(rng.random() * 3)]
            said = f"{verb} {said}"
        parts.append(said)
    given = ""
    if not brief and rng.random() < 0.15:
        given = f"Given {_and([_GIVEN[param.type].format(param.name) for param in plan.params])}: "
    form = "line" if brief else weighted(rng, _FORMS)
    if chain == 1 or form == "line":
        text = f"{', '.join(parts[:-1])}, then {parts[-1]}" if chain > 1 else parts[0]
        return given + _after(given, lead + _capital(text) if lead else text) + "."
    if form == "sentences":
        text = ". ".join(map(_capital, parts[1:]))
        return given + _after(given, lead + _capital(parts[0]) if lead else parts[0]) + f". {text}."
    listed = [f"{number}. {_capital(part)}" for number, part in enumerate(parts, 1)]
    head = (given + _after(given, lead)).strip() if lead else given.strip()
    return "\n".join([*([head] if head else []), *listed])


def _after(given: str, text: str) -> str:
    """The text as it goes on behind "Given ...:", or begins."""
    return (
        text[0].lower() + text[1:] if given and not text.startswith("Let ") else _capital(text) if not given else text
    )


def phrase(rng: Random, plan: Plan, step: Step, first: bool, brief: bool = False) -> str:
    """One step in words. first: what it works on must be named."""
    operation = step.operation
    phrases = brief_phrases(operation) if brief else operation.phrases
    text = phrases[int(rng.random() * len(phrases))]
    source = step.inputs[0]
    if first or source < 0:
        param = plan.params[-1 - source]
        text = text.replace("[", "").replace("]", "")
        bare = f" {param.name}"
        for before in (" in", " of"):
            text = text.replace(f"{before} {{x}}", before + bare)
        name = param.name
        if "{x}" in text:
            text = text.replace("{x}", ("" if brief else _FIRST.get(param.type, "")) + name, 1).replace("{x}", name)
    else:
        while "[" in text:
            start, end = text.index("["), text.index("]")
            text = text[:start] + text[end + 1 :]
        text = text.replace("{x}", NOUN[operation.takes[0]])
    if len(step.inputs) > 1:
        other = step.inputs[1]
        text = text.replace("{y}", plan.side if other >= 0 else plan.params[-1 - other].name)
    return filled(text, step)


def filled(text: str, step: Step) -> str:
    """A phrase with its constants, in good English."""
    for number, constant in enumerate(step.constants):
        text = text.replace(f"{{{number}}}", constant.name if isinstance(constant, Var) else literal(constant))
    text = _SINGULAR.sub(lambda match: f"{match[1]}{'' if match[1] in ('first', 'last') else ' 1'} {match[2]}", text)
    return _ORDINAL.sub(lambda match: {"2": "second", "3": "third"}.get(match[1], match[0]), text)


def docstring(text: str, name: str, examples: Sequence[Case]) -> str:
    """The specification with examples as in a Python session."""
    lines = [text]
    for case in examples:
        lines.append(f">>> {name}({', '.join(map(repr, case.arguments))})")
        lines.append(repr(case.expected))
    return "\n".join(lines)


def _result(step: Step) -> str:
    """What is returned after a step that said what to do."""
    return {"list": "the new list", "str": "the new string", "dict": "the new dict"}.get(
        step.operation.gives.kind, "the result"
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
