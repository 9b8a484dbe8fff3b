"""Values that programs are run on: the standard ones of a signature, and fresh ones for tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from assay.forge.ir import COUNTS, INT, INTS, ROWS, STR, STRS, Type

STANDARD = 24
POOL = 400
Call = tuple[tuple[Any, ...], str]
_WORDS = (
    "red", "blue", "apple", "kiwi", "cat", "Dog", "sun", "Moon", "tree", "ant", "echo", "level", "noon", "data", "code",
    "list", "x", "ab", "aa", "Zed", "pear", "fig", "oak", "elm", "day", "night", "tea", "Eve", "loop", "byte", "a1",
    "b22",
)  # fmt: skip
_KEYS = ("a", "b", "c", "d", "e", "x", "y", "ab", "cat", "dog")
_SHORT = ("a", "e", "o", "t", "an", "x", "b", "cat", "-", "at")
_CHARS = "aabcdeeghilmnoorstuxyzABEEKMT  1357"


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
    return rng.randint(0, 30) if shape < 0.5 else rng.randint(-20, 60) if shape < 0.8 else rng.randint(100, 900)


_RANDOM: dict[Type, Callable[[Random], Any]] = {
    INTS: _ints, INT: _int, STR: _text, STRS: _strs, ROWS: _rows, COUNTS: _counts
}  # fmt: skip


@cache
def _standard(of: Type) -> tuple[Any, ...]:
    rng = Random(f"standard {of}")
    values = edges(of)
    return (*values, *(_RANDOM[of](rng) for _ in range(STANDARD - len(values))))


def _beside(rng: Random, first: Any, of: Type) -> Any:
    """A value for a further parameter; often one that has to do with the first, or nothing would ever be found."""
    related = rng.random() < 0.5
    if of == INT:
        if related and isinstance(first, list) and first and isinstance(first[0], int):
            return rng.choice(first)
        return rng.randint(-3, 12)
    if of == STR:
        if related and isinstance(first, dict) and first:
            return rng.choice(list(first))
        if related and isinstance(first, list) and first and isinstance(first[0], str) and any(first):
            word = rng.choice([word for word in first if word])
            return word if rng.random() < 0.4 else rng.choice(word)
        if related and isinstance(first, str) and first:
            start = rng.randrange(len(first))
            return first[start : start + rng.randint(1, 3)]
        return rng.choice(_SHORT)
    value = _RANDOM[of](rng)
    alike = isinstance(first, list) and isinstance(value, list) and first and value and type(first[0]) is type(value[0])
    if related and alike:
        value = [rng.choice(first) if rng.random() < 0.4 else item for item in value]
    return value


@cache
def standard(types: tuple[Type, ...]) -> tuple[tuple[Any, ...], ...]:
    """The inputs by which programs of these parameter types are compared. They never change."""
    rng = Random(f"standard {' '.join(map(str, types))}")
    return tuple((first, *(_beside(rng, first, of) for of in types[1:])) for first in _standard(types[0]))


def _with_text(call: tuple[Any, ...]) -> Call:
    return call, repr(call)


class Pool:
    """Fresh inputs of a seed. Calls are made once and drawn many times: tasks share inputs, never programs."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._calls: dict[tuple[Type, ...], tuple[list[Call], list[Call]]] = {}

    def of(self, types: tuple[Type, ...]) -> tuple[list[Call], list[Call]]:
        """Calls whose first argument is at the edge, and random calls; each with its text."""
        if types not in self._calls:
            rng = Random(f"pool {self._seed} {' '.join(map(str, types))}")
            usual = [_RANDOM[types[0]](rng) for _ in range(POOL)]
            at_edge, others = (
                [_with_text((first, *(_beside(rng, first, of) for of in types[1:]))) for first in firsts]
                for firsts in (edges(types[0]), usual)
            )
            self._calls[types] = (at_edge, others)
        return self._calls[types]
