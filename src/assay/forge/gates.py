"""What a plan must pass before it is worth a task. Each gate is a row of the funnel table.

Plans are evaluated here by composing compiled operations (this project's own templates, which end by construction).
The outputs a task is published with come from running its rendered reference in the sandbox; they are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

from assay.forge.inputs import STANDARD, standard
from assay.forge.ir import BOOL, Const, Type, Var
from assay.forge.operations import all_operations
from assay.forge.operations.operation import Operation, function_of
from assay.forge.plan import Plan, Step
from assay.forge.render import python

# Values between steps stay far below 2**53, so that squares and sums of them do too.
LARGEST_INT = 10**6
LONGEST_LIST = 40
LONGEST_STR = 80
COMMONEST_SHARE = 0.7
FEWEST_OUTPUTS = 3

GATES = (
    ("drawn", "plans drawn"),
    ("dead_end", "the draw led to a type with nothing to do"),
    ("size", "a value is too big"),
    ("constant", "one output for all inputs"),
    ("outputs", "too few different outputs, or one of them far too often"),
    ("idle_step", "a step can be dropped and nothing changes"),
    ("prefix", "the first steps alone do the same"),
    ("easier", "a program of fewer operations does the same"),
    ("long", "the reference or its outputs are too long"),
    ("reference", "the reference failed in the sandbox or disagreed"),
    ("repeated", "same behaviour too often, or same text"),
    ("leak", "behaviour belongs to the other split"),
    ("kept", "tasks"),
)


@cache
def compiled(operation: Operation) -> Callable[..., Any]:
    """The operation as a function of its inputs and constants."""
    constants = [Var(f"k{number}", Const(c.choices[0]).type) for number, c in enumerate(operation.constants)]
    program = function_of(operation, "expr", constants)
    main = program.main
    head = python.signature(main).replace("):", "".join(f", {constant.name}" for constant in constants) + "):")
    names: dict[str, Any] = {}
    exec(compile(python.helpers(program) + head + "\n" + python.body(main), operation.name, "exec"), names)
    return names[main.name]  # type: ignore[no-any-return]


def evaluate(plan: Plan, call: Sequence[Any], without: int = -1) -> Any:
    """The result of a plan for one call."""
    held: list[Any] = []
    place = {param: index for index, param in enumerate(plan.params)}
    for number, step in enumerate(plan.steps):
        args = [call[-1 - source] if source < 0 else held[source] for source in step.inputs]
        if number == without:
            held.append(args[0])
            continue
        args += [call[place[value]] if isinstance(value, Var) else value for value in step.constants]
        held.append(compiled(step.operation)(*args))
    return held[-1]


def columns(plan: Plan, calls: Sequence[Sequence[Any]]) -> list[list[Any]] | None:
    """What every step gives for every call, or None where a value is too big."""
    held: list[list[Any]] = []
    place = {param: index for index, param in enumerate(plan.params)}
    for step in plan.steps:
        args: list[Any] = [
            [call[-1 - source] for call in calls] if source < 0 else held[source] for source in step.inputs
        ]
        for value in step.constants:
            args.append([call[place[value]] for call in calls] if isinstance(value, Var) else [value] * len(calls))
        largest = step.operation.largest
        if largest is not None and max(args[0]) > largest:
            return None
        values = list(map(compiled(step.operation), *args))
        if too_big(values, step.operation.gives):
            return None
        held.append(values)
    return held


def too_big(values: Sequence[Any], of: Type) -> bool:
    """Whether a value of this type is out of bounds."""
    kind = of.kind
    if kind == "int":
        return bool(max(values) > LARGEST_INT or min(values) < -LARGEST_INT)
    if kind == "str":
        return max(map(len, values)) > LONGEST_STR
    if kind == "list":
        return max(map(len, values)) > LONGEST_LIST or any(too_big(value, of.args[0]) for value in values if value)
    if kind != "dict":
        return False
    if max(map(len, values)) > LONGEST_LIST:
        return True
    return any(too_big(list(value.values()), of.args[1]) for value in values if value)


def check(plan: Plan) -> tuple[str, str]:
    """("", behaviour) for a plan that passes, or (name of the gate, "")."""
    calls = standard(tuple(param.type for param in plan.params))
    held = columns(plan, calls)
    if held is None:
        return "size", ""
    outputs = held[-1]
    texts = list(map(repr, outputs))
    counts = Counter(texts)
    if len(counts) == 1:
        return "constant", ""
    commonest = max(counts.values())
    if plan.steps[-1].operation.gives == BOOL:
        if commonest > STANDARD * 0.85:
            return "outputs", ""
    elif len(counts) < FEWEST_OUTPUTS or commonest > STANDARD * COMMONEST_SHARE:
        return "outputs", ""
    gives = plan.steps[-1].operation.gives
    if any(step.operation.gives == gives and held[i] == outputs for i, step in enumerate(plan.steps[:-1])):
        return "prefix", ""
    for param, column in zip(plan.params, zip(*calls, strict=True), strict=True):
        if param.type == gives and list(column) == outputs:
            return "prefix", ""
    if _has_idle_step(plan, calls, outputs):
        return "idle_step", ""
    found = behaviour(plan.signature, texts)
    if len(plan.steps) > 1 and found in single_behaviours(plan):
        return "easier", ""
    return "", found


def _has_idle_step(plan: Plan, calls: Sequence[Sequence[Any]], outputs: list[Any]) -> bool:
    if len(plan.steps) == 1:
        return False
    for number, step in enumerate(plan.steps):
        if step.operation.gives == step.operation.takes[0] and all(
            evaluate(plan, call, number) == output for call, output in zip(calls, outputs, strict=True)
        ):
            return True
    return False


def behaviour(signature: str, texts: Sequence[str]) -> str:
    """The hash of outputs on the standard inputs: equal behaviour, equal hash."""
    return blake2b("\n".join((signature, *texts)).encode(), digest_size=8).hexdigest()


def single_behaviours(plan: Plan) -> frozenset[str]:
    """The behaviours of all single operations, with all their constants, on parameters of these types."""
    return _singles(tuple(param.type for param in plan.params), plan.steps[-1].operation.gives)


@cache
def _singles(types: tuple[Type, ...], gives: Type) -> frozenset[str]:
    from itertools import permutations, product

    calls = standard(types)
    params = tuple(Var(f"p{number}", of) for number, of in enumerate(types))
    found = set()
    for operation in all_operations().values():
        if operation.gives != gives:
            continue
        for order in permutations(range(len(types)), len(operation.takes)):
            if tuple(types[index] for index in order) != operation.takes:
                continue
            spare = [params[index] for index in range(len(types)) if index not in order and types[index].kind == "int"]
            ranges = [(*constant.choices, *(spare if constant.param else ())) for constant in operation.constants]
            for constants in product(*ranges):
                plan = Plan(params, (Step(operation, tuple(-1 - index for index in order), constants),))
                held = columns(plan, calls)
                if held is not None:
                    found.add(behaviour(plan.signature, list(map(repr, held[-1]))))
    return frozenset(found)
