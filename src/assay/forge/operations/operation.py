"""`Operation`: a named step that programs are composed of, as a template over the intermediate representation.

Phrases are English with marks: `{x}` the value worked on, `{y}` a second value, `{0}`, `{1}` the constants; what stands
in square brackets is left out where it is clear what is worked on (any step but the first). A phrase that begins with
"the", "how" or "whether" names a value ("the sum[ of {x}]"), every other one tells what to do ("reverse {x}").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assay.forge.ir import Assign, Expr, Function, Program, Return, Stmt, Type, Var
from assay.forge.operations.names import FRESH, LOOP

# A style of writing a step; every operation has at least "expr".
STYLES = ("expr", "loop", "other", "helper")


class Writer:
    """Collects the statements of a function while steps are written one after the other.

    last: the step that is being written is the last one, so it may return from the middle of a loop.
    """

    def __init__(self, params: Sequence[Var]) -> None:
        self.statements: list[Stmt] = []
        self.helpers: list[Function] = []
        self.last = False
        self._used = {param.name for param in params}

    def add(self, *statements: Stmt) -> None:
        """Put statements at the end."""
        self.statements.extend(statements)

    def reserve(self, name: str) -> None:
        """Keep a name from being given out."""
        self._used.add(name)

    def fresh(self, kind: str, of: Type) -> Var:
        """A variable with a name that is not used yet. kind: what it is for, a key of `FRESH`."""
        for name in FRESH[kind]:
            if name not in self._used:
                self._used.add(name)
                return Var(name, of)
        number = 2
        while f"{FRESH[kind][0]}{number}" in self._used:
            number += 1
        self._used.add(f"{FRESH[kind][0]}{number}")
        return Var(f"{FRESH[kind][0]}{number}", of)

    def new(self, kind: str, value: Expr) -> Var:
        """A fresh variable that begins with this value."""
        var = self.fresh(kind, value.type)
        self.add(Assign(var.name, value))
        return var

    def helper(
        self, names: Sequence[str], params: tuple[Var, ...], returns: Type, body: Callable[[str], Sequence[Stmt]]
    ) -> str:
        """Add a helper function unless it is there already; its name. body: its statements, given that name."""
        for name in names:
            function = Function(name, params, returns, tuple(body(name)))
            if function in self.helpers:
                return name
            if name not in self._used and name not in {helper.name for helper in self.helpers}:
                self.helpers.append(function)
                return name
        raise ValueError(f"no free name among {names}")


# Writes a step, given the writer, the inputs and the constants: adds statements to the writer and gives the expression
# of its value, or None where it has returned from the function (only when `writer.last`).
Builder = Callable[..., Expr | None]
# Style -> builder. Any, since it is unpacked into arguments.
Idioms = dict[str, Any]


@dataclass(frozen=True)
class Constant:
    """A number or text that belongs to the operation. choices: what it may be. param: may be a parameter instead
    (only ints, of any value)."""

    choices: tuple[int | str, ...]
    param: bool = False


@dataclass(frozen=True, eq=False)
class Operation:
    """takes: the type worked on, and maybe that of a second value. weight: how often it is chosen, against others.

    largest: plans in which it gets a larger int are dropped; None: any.
    """

    name: str
    takes: tuple[Type, ...]
    gives: Type
    phrases: tuple[str, ...]
    idioms: dict[str, Builder]
    constants: tuple[Constant, ...] = ()
    weight: float = 1.0
    largest: int | None = None


BRIEF = 36
_LEFT_OUT = re.compile(r"\[[^]]*\]")


def brief_phrases(operation: Operation) -> tuple[str, ...]:
    """Its short phrases: at most `BRIEF` characters without what stands in brackets."""
    return tuple(phrase for phrase in operation.phrases if len(_LEFT_OUT.sub("", phrase)) <= BRIEF)


def function_of(operation: Operation, style: str, constants: Sequence[Expr], name: str = "f") -> Program:
    """A program that is this one operation."""
    params = tuple(Var(letter, of) for letter, of in zip("ab", operation.takes, strict=False))
    writer = Writer(params)
    writer.last = True
    value = operation.idioms[style](writer, *params, *constants)
    if value is not None:
        writer.add(Return(value))
    return Program(Function(name, params, operation.gives, tuple(writer.statements)), tuple(writer.helpers))


__all__ = ["FRESH", "LOOP", "STYLES", "Builder", "Constant", "Idioms", "Operation", "Writer", "function_of"]
