"""What a plan must pass before it is worth a task. Each gate is a row of the funnel table.

Plans are evaluated here by composing compiled operations (this project's own templates, which end by construction).
The outputs a task is published with come from running its rendered reference in the sandbox; they are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import repeat
from typing import Any

from assay.forge.inputs import STANDARD, standard
from assay.forge.ir import BOOL, INT, Const, Type, Var
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
    ("idle_step", "a step, or some in a row, can be dropped and nothing changes"),
    ("prefix", "the first steps alone do the same"),
    ("easier", "a program of fewer operations does the same, or a single one what two neighbours do"),
    ("long", "the reference or its outputs are too long"),
    ("reference", "the reference failed in the sandbox or disagreed"),
    ("languages", "the references in other languages disagree with Python's"),
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


class Evaluator:
    """A plan, made ready to be called many times."""

    def __init__(self, plan: Plan) -> None:
        place = {param: -1 - index for index, param in enumerate(plan.params)}
        # per step: function, where its inputs come from, and for each constant the parameter or (0, value)
        self._steps = [
            (compiled(step.operation), step.inputs, tuple(
                (place[value], None) if isinstance(value, Var) else (0, value) for value in step.constants
            ))
            for step in plan.steps
        ]  # fmt: skip
        self._operations = [step.operation for step in plan.steps]

    def __call__(self, call: Sequence[Any], without: range = range(0)) -> Any:
        """The result for one call. without: leave out these steps, of which the first takes what the last gives."""
        held: list[Any] = []
        for number, (function, inputs, constants) in enumerate(self._steps):
            args = [call[-1 - source] if source < 0 else held[source] for source in inputs]
            if number in without:
                held.append(args[0])
                continue
            for source, value in constants:
                args.append(call[-1 - source] if source else value)
            held.append(function(*args))
        return held[-1]

    def results(self, calls: Sequence[Sequence[Any]]) -> list[Any]:
        """The results for these calls."""
        held: list[list[Any]] = []
        given = list(zip(*calls, strict=True))
        for function, inputs, constants in self._steps:
            args: list[Any] = [given[-1 - source] if source < 0 else held[source] for source in inputs]
            for source, value in constants:
                args.append(given[-1 - source] if source else repeat(value))
            held.append(list(map(function, *args)))
        return held[-1]

    def columns(self, calls: Sequence[Sequence[Any]]) -> list[list[Any]] | str:
        """What every step gives for every call; or the gate: "size" where a value is too big, "constant" where a step
        always gives the same."""
        held: list[list[Any]] = []
        given = list(zip(*calls, strict=True))
        for (function, inputs, constants), operation in zip(self._steps, self._operations, strict=True):
            args: list[Any] = [given[-1 - source] if source < 0 else held[source] for source in inputs]
            for source, value in constants:
                args.append(given[-1 - source] if source else repeat(value))
            if operation.largest is not None and max(args[0]) > operation.largest:
                return "size"
            values = list(map(function, *args))
            if values.count(values[0]) == len(values):
                return "constant"
            if too_big(values, operation.gives):
                return "size"
            held.append(values)
        return held


def too_big(values: Sequence[Any], of: Type) -> bool:
    """Whether a value of this type is out of bounds."""
    kind = of.kind
    if kind == "int":
        return bool(max(values) > LARGEST_INT or min(values) < -LARGEST_INT)
    if kind == "bool":
        return False
    longest = max(map(len, values))
    if kind == "str" or not longest:
        return longest > LONGEST_STR
    if longest > LONGEST_LIST:
        return True
    inner: list[Any] = []
    for value in values:
        inner += value.values() if kind == "dict" else value
    return too_big(inner, of.args[-1])


def check(plan: Plan) -> tuple[str, str]:
    """("", behaviour) for a plan that passes, or (name of the gate, "")."""
    calls = standard(tuple(param.type for param in plan.params))
    evaluator = Evaluator(plan)
    held = evaluator.columns(calls)
    if isinstance(held, str):
        return held, ""
    outputs = held[-1]
    texts = list(map(repr, outputs))
    counts = Counter(texts)
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
    if _has_idle_step(plan, evaluator, calls, outputs):
        return "idle_step", ""
    found = behaviour(plan.signature, texts)
    if len(plan.steps) > 1 and found in single_behaviours(plan):
        return "easier", ""
    if len(plan.steps) > 2 and _has_easier_pair(plan):
        return "easier", ""
    return "", found


def _has_idle_step(plan: Plan, evaluator: Evaluator, calls: Sequence[Sequence[Any]], outputs: list[Any]) -> bool:
    if len(plan.steps) == 1:
        return False
    operations = [step.operation for step in plan.steps]
    for first in range(1 if plan.side else 0, len(operations)):
        for last in range(first, len(operations)):
            # leaving out the whole chain is what "prefix" looks at
            if operations[last].gives != operations[first].takes[0] or last - first + 1 == len(operations):
                continue
            left_out = range(first, last + 1)
            if all(evaluator(call, left_out) == output for call, output in zip(calls, outputs, strict=True)):
                return True
    return False


def _has_easier_pair(plan: Plan) -> bool:
    """Whether two neighbouring steps together do what a single operation does: values and sum, for example."""
    for number in range(2 if plan.side else 1, len(plan.steps)):
        before, step = plan.steps[number - 1], plan.steps[number]
        inputs = len(before.inputs) + len(step.inputs) - 1 + _params(before) + _params(step)
        if before.operation.takes[0] == BOOL or inputs > 2:
            continue  # there are too many kinds of parameters for a table of each
        if _pair_is_easier(_alone(before), _alone(step)):
            return True
    return False


def _params(step: Step) -> int:
    return sum(isinstance(value, Var) for value in step.constants)


_Alone = tuple[Operation, tuple[int | str | None, ...]]


def _alone(step: Step) -> _Alone:
    """A step without its place. None stands for a constant that is a parameter."""
    return step.operation, tuple(None if isinstance(value, Var) else value for value in step.constants)


@lru_cache(maxsize=200_000)
def _pair_is_easier(first: _Alone, second: _Alone) -> bool:
    params = [Var("p0", first[0].takes[0])]

    def placed(step: _Alone, source: int) -> Step:
        operation, constants = step
        inputs = [source]
        for of in operation.takes[1:]:
            params.append(Var(f"p{len(params)}", of))
            inputs.append(-len(params))
        values: list[int | str | Var] = []
        for value in constants:
            if value is None:
                params.append(Var(f"p{len(params)}", INT))
            values.append(params[-1] if value is None else value)
        return Step(operation, tuple(inputs), tuple(values))

    steps = (placed(first, -1), placed(second, 0))
    plan = Plan(tuple(params), steps)
    held = Evaluator(plan).columns(standard(tuple(param.type for param in params)))
    if isinstance(held, str):
        return False
    return behaviour(plan.signature, list(map(repr, held[-1]))) in single_behaviours(plan)


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
                held = Evaluator(plan).columns(calls)
                if not isinstance(held, str):
                    found.add(behaviour(plan.signature, list(map(repr, held[-1]))))
    return frozenset(found)
