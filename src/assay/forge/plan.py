"""A `Plan`: which operations are composed, on what, with which constants. Drawn at random, and the same for a seed."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

from assay.forge.ir import BOOL, COUNTS, INT, INTS, ROWS, STR, STRS, Type, Var
from assay.forge.operations import all_operations, brief_operations
from assay.forge.operations.names import FRESH, PARAMS
from assay.forge.operations.operation import Operation

# What programs are given first, and how often.
STARTS: tuple[tuple[Type, float], ...] = (
    (INTS, 0.5),
    (STR, 0.2),
    (STRS, 0.1),
    (INT, 0.1),
    (COUNTS, 0.05),
    (ROWS, 0.05),
)
# Types that cross the function's boundary: they are plain JSON without loss.
RESULTS = frozenset((INT, BOOL, STR, INTS, STRS, ROWS, COUNTS))
_T = TypeVar("_T")

PARAM_SHARE = 0.12
SIDE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Step:
    """One operation at its place.

    inputs: what it works on: -1 - i is parameter i of the plan, other numbers are earlier steps. constants: plain
    values, or parameters of the plan.
    """

    operation: Operation
    inputs: tuple[int, ...]
    constants: tuple[int | str | Var, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """steps: each uses what came before; the last one gives the result. side: the first step is named in the
    specification (this name) and used later, all others are a chain."""

    params: tuple[Var, ...]
    steps: tuple[Step, ...]
    side: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The operations, in order."""
        return tuple(step.operation.name for step in self.steps)

    @property
    def signature(self) -> str:
        """The types of parameters and result: "list[int], int -> bool"."""
        return f"{', '.join(str(param.type) for param in self.params)} -> {self.steps[-1].operation.gives}"


def weighted(rng: Random, choices: Sequence[tuple[_T, float]]) -> _T:
    """One of the choices; its weight is its share, and the weights add up to 1."""
    share = rng.random()
    for name, weight in choices:
        share -= weight
        if share < 0:
            return name
    return choices[-1][0]


class _Menu:
    """Operations to choose from, by weight."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        self.sums = list(accumulate(operation.weight for operation in operations))

    def draw(self, rng: Random) -> Operation:
        return self.operations[bisect(self.sums, rng.random() * self.sums[-1])]


@cache
def _offered(breadth: int, brief: bool) -> tuple[Operation, ...]:
    """The `breadth` operations of the greatest weight, in their order; 0: all. brief: of those said in few words."""
    operations = brief_operations() if brief else tuple(all_operations().values())
    if not breadth:
        return operations
    chosen = set(sorted(operations, key=lambda operation: -operation.weight)[:breadth])
    return tuple(operation for operation in operations if operation in chosen)


@cache
def _menu(of: Type, last: bool, breadth: int, brief: bool) -> _Menu | None:
    """What can work on a value of this type. last: its value may end the program; else something must follow."""
    fits = [
        operation
        for operation in _offered(breadth, brief)
        if operation.takes[0] == of
        and (operation.gives in RESULTS if last else _goes_on(operation.gives, breadth, brief))
    ]
    return _Menu(fits) if fits else None


@cache
def _goes_on(of: Type, breadth: int, brief: bool) -> bool:
    """Whether there is enough to do with a value of this type that a program should go on from it."""
    return sum(operation.takes[0] == of for operation in _offered(breadth, brief)) > 2


@cache
def _side_menu(takes: Type, gives: Type, breadth: int, brief: bool) -> _Menu | None:
    """What can be worked out beside the chain: values that have a name in English."""
    fits = [
        operation
        for operation in _offered(breadth, brief)
        if operation.takes == (takes,)
        and operation.gives == gives
        and all(phrase.startswith("the ") for phrase in operation.phrases)
    ]
    return _Menu(fits) if fits else None


@cache
def _starts(breadth: int, brief: bool) -> tuple[list[Type], list[float]]:
    present = [(of, weight) for of, weight in STARTS if _menu(of, True, breadth, brief)]
    return [of for of, _ in present], list(accumulate(weight for _, weight in present))


def draw(rng: Random, depth: int, breadth: int = 0, brief: bool = False) -> Plan | None:
    """A plan of `depth` operations, or None where the draw led nowhere.

    breadth: how many operations there are to choose from, those of the greatest weight; 0: all. brief: only those
    that are said in few words.
    """
    types, sums = _starts(breadth, brief)
    start = types[bisect(sums, rng.random() * sums[-1])]
    params = [Var(PARAMS[start][0], start)]
    side: Step | None = None
    side_name = ""
    chain: list[tuple[Operation, tuple[Any, ...], int | None]] = []
    now = start
    budget = depth
    while budget > 0:
        menu = _menu(now, budget == 1, breadth, brief)
        if menu is None:
            return None
        operation = menu.draw(rng)
        second: int | None = None
        if len(operation.takes) > 1:
            beside = _side_menu(start, operation.takes[1], breadth, brief)
            if side is None and budget > 1 and beside is not None and rng.random() < SIDE_SHARE:
                if budget == 2 and operation.gives not in RESULTS:
                    return None
                found = beside.draw(rng)
                side = Step(found, (-1,), _constants(rng, found, params))
                budget -= 1
                second = 0
            else:
                name = next((n for n in PARAMS[operation.takes[1]] if n not in {p.name for p in params}), None)
                if name is None or len(params) > 2:
                    return None
                params.append(Var(name, operation.takes[1]))
                second = -len(params)
        chain.append((operation, _constants(rng, operation, params), second))
        now = operation.gives
        budget -= 1
    steps = [side] if side is not None else []
    if side is not None:
        taken = {param.name for param in params}
        side_name = next(n for n in FRESH["int" if side.operation.gives == INT else "list"] if n not in taken)
    before = -1
    for operation, constants, second in chain:
        inputs = (before,) if second is None else (before, second)
        steps.append(Step(operation, inputs, constants))
        before = len(steps) - 1
    return Plan(tuple(params), tuple(steps), side_name)


def _constants(rng: Random, operation: Operation, params: list[Var]) -> tuple[int | str | Var, ...]:
    chosen: list[int | str | Var] = []
    for constant in operation.constants:
        if constant.param and rng.random() < PARAM_SHARE and len(params) < 3:
            taken = {param.name for param in params}
            name = next((n for n in PARAMS[INT] if n not in taken), None)
            if name is not None:
                params.append(Var(name, INT))
                chosen.append(params[-1])
                continue
        chosen.append(constant.choices[int(rng.random() * len(constant.choices))])
    return tuple(chosen)
