"""Reads pickles of plain data without Python's unpickler, so that nothing in them is ever executed.

Known are None, bool, int, float, str, bytes, list, tuple and dicts with keys of text. Every other opcode is refused,
among them all that import, call or build objects. The size of what comes out is bounded by the size of what goes in.
"""

from __future__ import annotations

import pickletools
import struct
from collections.abc import Callable
from typing import Any

_MOST_VALUES = 10_000_000
_DEEPEST = 32
_SCALARS = (type(None), bool, int, float, str, bytes)
# Opcodes that push the value they carry.
_CARRY = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
        *("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
    )
)
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PUTS = frozenset(("PUT", "BINPUT", "LONG_BINPUT"))
_GETS = frozenset(("GET", "BINGET", "LONG_BINGET"))


def load(data: bytes) -> Any:
    """The value that a pickle holds. Raises ValueError, in words, for one that is damaged or holds anything else."""
    try:
        return _Reader().read(data)
    except (IndexError, KeyError, struct.error, OverflowError):
        raise ValueError("this pickle is damaged") from None


class _Reader:
    """The stack of a pickle, each value with its depth, its marks and its memo."""

    def __init__(self) -> None:
        self._stack: list[tuple[Any, int]] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def read(self, data: bytes) -> Any:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if count > _MOST_VALUES:
                raise ValueError(f"this pickle holds more than {_MOST_VALUES:,} values")
            if opcode.name == "STOP":
                break
            self._step(opcode.name, argument)
        ((value, _),) = self._stack or [(None, 0)]
        if not self._stack or self._marks:
            raise ValueError("this pickle is damaged")
        return value

    def _step(self, name: str, argument: Any) -> None:
        if name in _CARRY:
            self._push(argument)
        elif name in _CONSTANTS:
            self._push(_CONSTANTS[name])
        elif name in _EMPTY:
            self._push(_EMPTY[name]())
        elif name in _TUPLES:
            self._collect(tuple, self._pop(_TUPLES[name]))
        elif name == "TUPLE":
            self._collect(tuple, self._since_mark())
        elif name == "LIST":
            self._collect(list, self._since_mark())
        elif name == "DICT":
            values = self._since_mark()
            self._push({})
            self._extend(values)
        elif name in ("APPEND", "APPENDS", "SETITEM", "SETITEMS"):
            few = {"APPEND": 1, "SETITEM": 2}.get(name)
            self._extend(self._pop(few) if few else self._since_mark())
        elif name == "MARK":
            self._marks.append(len(self._stack))
        elif name in _PUTS or name == "MEMOIZE":
            self._memo[len(self._memo) if name == "MEMOIZE" else argument] = self._stack[-1][0]
        elif name in _GETS:
            value = self._memo[argument]
            if not isinstance(value, _SCALARS):
                raise ValueError("this pickle uses a list or dict twice, which plain data does not")
            self._push(value)
        elif name not in ("PROTO", "FRAME"):
            raise ValueError(f"this pickle wants more than plain data (opcode {name})")

    def _push(self, value: Any, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise ValueError(f"this pickle nests deeper than {_DEEPEST} levels")
        self._stack.append((value, depth))

    def _pop(self, count: int) -> list[tuple[Any, int]]:
        if len(self._stack) - (self._marks[-1] if self._marks else 0) < count:
            raise ValueError("this pickle is damaged")
        values = self._stack[-count:]
        del self._stack[-count:]
        return values

    def _since_mark(self) -> list[tuple[Any, int]]:
        at = self._marks.pop()
        values = self._stack[at:]
        del self._stack[at:]
        return values

    def _collect(self, kind: Callable[[list[Any]], Any], values: list[tuple[Any, int]]) -> None:
        self._push(kind([value for value, _ in values]), 1 + max((depth for _, depth in values), default=-1))

    def _extend(self, values: list[tuple[Any, int]]) -> None:
        """Put values into the list or dict on top of the stack."""
        ((target, depth),) = self._pop(1)
        if isinstance(target, list):
            target += [value for value, _ in values]
        elif isinstance(target, dict) and len(values) % 2 == 0 and all(type(key) is str for key, _ in values[::2]):
            target.update((key, value) for (key, _), (value, _) in zip(values[::2], values[1::2], strict=True))
        else:
            raise ValueError("this pickle is damaged, or has a dict with keys that are no text")
        self._push(target, max(depth, 1 + max((depth for _, depth in values), default=-1)))
