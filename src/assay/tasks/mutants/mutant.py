"""A program with one small fault put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """text: the program. change: what was done and where, for people: "line 3: < became <="."""

    text: str
    change: str


@dataclass(frozen=True)
class Site:
    """A place where a fault can be put in. line: counted from 1. make: does it."""

    line: int
    make: Callable[[], Mutant]
