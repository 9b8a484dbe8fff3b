"""Values that programs are run on: the standard ones of a signature, and fresh ones for tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from assay.forge.ir import COUNTS, INT, INTS, ROWS, STR, STRS, Type

STANDARD = 24
POOL = 400
_WORDS = (
    "red", "blue", "apple", "kiwi", "cat", "Dog", "sun", "Moon", "tree", "ant", "echo", "level", "noon", "data", "code",
    "list", "x", "ab", "aa", "Zed", "pear", "fig", "oak", "elm", "day", "night", "tea", "Eve", "loop", "byte", "a1",
    "b22",
)  # fmt: skip
_KEYS = ("a", "b", "c", "d", "e", "x", "y", "ab", "cat", "dog")
_CHARS = "aabcdeeghilmnoorstuxyzABEKT  1357"


def edges(of: Type) -> list[Any]:
    """Values at the edge: empty, one element, repeated, ordered, zero, negative."""
    values: dict[Type, list[Any]] = {
        INTS: [[], [0], [5], [-3], [2, 2, 2], [1, 2, 3, 4, 5, 6], [9, 7, 4, 2, 1], [-1, -2, -3, -4]],
        INT: [0, 1, -1, 2, 7, 10, -12, 100],
        STR: ["", "a", "B", "7", "aaa", "a b", "Hello World", "abcba"],
        STRS: [[], [""], ["a"], ["cat", "cat"], ["b", "a", "c"], ["Zed", "ant", "Eve"]],
        ROWS: [[], [[]], [[1]], [[1, 2], [3, 4]], [[], [5], []], [[2, 2], [2]]],
        COUNTS: [{}, {"a": 0}, {"a": 1, "b": 1}, {"x": -2, "a": 5}],
    }
    return values[of]


def _ints(rng: Random, shortest: int = 2, longest: int = 9) -> list[int]:
    size = rng.randint(shortest, longest)
    shape = rng.random()
    if shape < 0.25:
        few = [rng.randint(-3, 12) for _ in range(max(2, size // 2))]
        return [rng.choice(few) for _ in range(size)]
    low, high = (-9, 20) if shape < 0.75 else (0, 12) if shape < 0.92 else (-30, 60)
    return [rng.randint(low, high) for _ in range(size)]


def _text(rng: Random) -> str:
    if rng.random() < 0.4:
        return " ".join(rng.choice(_WORDS) for _ in range(rng.randint(1, 4)))
    return "".join(rng.choice(_CHARS) for _ in range(rng.randint(2, 12)))


def _counts(rng: Random) -> dict[str, int]:
    return {key: rng.randint(-4, 12) for key in rng.sample(_KEYS, rng.randint(1, 6))}


def _strs(rng: Random) -> list[str]:
    words = [rng.choice(_WORDS) for _ in range(rng.randint(2, 6))]
    if rng.random() < 0.3:
        words.append(rng.choice(words))
    return words


def _rows(rng: Random) -> list[list[int]]:
    if rng.random() < 0.5:
        width = rng.randint(1, 4)
        return [[rng.randint(-5, 12) for _ in range(width)] for _ in range(rng.randint(1, 4))]
    return [[rng.randint(-5, 12) for _ in range(rng.randint(0, 4))] for _ in range(rng.randint(1, 4))]


def _int(rng: Random) -> int:
    shape = rng.random()
    return rng.randint(0, 30) if shape < 0.5 else rng.randint(-20, 60) if shape < 0.8 else rng.randint(100, 2000)


_RANDOM: dict[Type, Callable[[Random], Any]] = {
    INTS: _ints, INT: _int, STR: _text, STRS: _strs, ROWS: _rows, COUNTS: _counts
}  # fmt: skip


@cache
def _standard(of: Type) -> tuple[Any, ...]:
    rng = Random(f"standard {of}")
    values = edges(of)
    return (*values, *(_RANDOM[of](rng) for _ in range(STANDARD - len(values))))


@cache
def _standard_second(of: Type, place: int) -> tuple[Any, ...]:
    """For a parameter that is not the first: the same kind of values in another order."""
    if of == INT:
        rng = Random(f"standard int {place}")
        return tuple(rng.randint(-2, 10) for _ in range(STANDARD))
    values = list(_standard(of))
    Random(f"standard {of} {place}").shuffle(values)
    return tuple(values)


@cache
def standard(types: tuple[Type, ...]) -> tuple[tuple[Any, ...], ...]:
    """The inputs by which programs of these parameter types are compared. They never change."""
    columns = [_standard(types[0]), *(_standard_second(of, place) for place, of in enumerate(types[1:], 1))]
    return tuple(zip(*columns, strict=True))


class Pool:
    """Fresh inputs of a seed. Values are made once and drawn many times: tasks share them, programs never do."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._values: dict[tuple[Type, bool], list[Any]] = {}

    def _of(self, of: Type, first: bool) -> list[Any]:
        found = self._values.get((of, first))
        if found is None:
            rng = Random(f"pool {self._seed} {of} {first}")
            if of == INT and not first:
                found = [rng.randint(-3, 12) for _ in range(POOL)]
            else:
                found = [_RANDOM[of](rng) for _ in range(POOL)]
            self._values[(of, first)] = found
        return found

    def draw(self, rng: Random, types: tuple[Type, ...]) -> tuple[Any, ...]:
        """A random call."""
        return tuple(self._of(of, place == 0)[int(rng.random() * POOL)] for place, of in enumerate(types))

    def edge(self, rng: Random, types: tuple[Type, ...], number: int) -> tuple[Any, ...]:
        """A call whose first argument is at the edge."""
        values = edges(types[0])
        rest = (self._of(of, False)[int(rng.random() * POOL)] for of in types[1:])
        return (values[number % len(values)], *rest)
