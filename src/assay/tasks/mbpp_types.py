"""Give MBPP+ inputs back the Python types that JSON took from them.

Stored inputs know only lists, dicts, numbers and text; a fixed list of tasks needs tuples, sets or complex numbers.
The list is EvalPlus's (`evalplus/data/mbpp.py`, function `mbpp_deserialize_inputs`, the same in 0.2.x and 0.3.x).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Arguments = list[Any]


def repair(number: int, arguments: Arguments) -> Arguments:
    """The argument list of task `number` with its types repaired; unlisted tasks come back as they are."""
    fix = _REPAIRS.get(number)
    return fix(arguments) if fix else arguments


def _tuples(items: Any) -> list[Any]:
    """Every item a tuple."""
    return [tuple(item) for item in items]


def _deep_tuple(value: Any) -> Any:
    return tuple(_deep_tuple(item) for item in value) if isinstance(value, list) else value


def _first(fix: Callable[[Any], Any]) -> Callable[[Arguments], Arguments]:
    """A repair of the first argument only."""
    return lambda arguments: [fix(arguments[0]), *arguments[1:]]


def _second_is_tuple(arguments: Arguments) -> Arguments:
    return [arguments[0], tuple(arguments[1]), *arguments[2:]]


def _sets(items: Any) -> list[Any]:
    # Upstream turns an empty list into {}, which is a dict, not a set; the reference outputs depend on it.
    return [set(item) if isinstance(item, list) and item else {} for item in items]


def _tuple_of_tuples_where_lists(items: Any) -> tuple[Any, ...]:
    return tuple(tuple(item) if isinstance(item, list) else item for item in items)


_GROUPS: tuple[tuple[tuple[int, ...], Callable[[Arguments], Arguments]], ...] = (
    # Each argument is a tuple.
    (
        (2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809),
        _tuples,
    ),
    # Each argument is a list of tuples.
    (
        (63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780),
        lambda arguments: [_tuples(argument) for argument in arguments],
    ),
    # Each argument is a tuple of tuples.
    ((259, 401, 445), lambda arguments: [tuple(_tuples(argument)) for argument in arguments]),
    # The first argument is a list of tuples; a tuple; a tuple in which lists are tuples.
    ((75, 413, 444, 753), _first(_tuples)),
    ((250, 307, 405, 446, 617, 720, 763, 808), _first(tuple)),
    ((278,), _first(_tuple_of_tuples_where_lists)),
    ((106, 750), _second_is_tuple),
    ((580, 615, 791), lambda arguments: [_deep_tuple(argument) for argument in arguments]),
    ((722,), _first(lambda table: {key: tuple(value) for key, value in table.items()})),
    ((115,), _first(_sets)),
    ((124,), lambda arguments: [float(arguments[0]), complex(arguments[1])]),
    ((252,), lambda arguments: [complex(arguments[0])]),
)
_REPAIRS = {number: fix for numbers, fix in _GROUPS for number in numbers}
