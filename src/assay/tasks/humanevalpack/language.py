"""What HumanEvalPack needs to know of one programming language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assay.judge.checks import Check

Row = dict[str, Any]


def stored_declaration(row: Row) -> str:
    """The function's head, and helpers before it, as the row has it."""
    return str(row["declaration"])


def as_it_is(row: Row, program: str) -> str:
    """A program that upstream does not mend."""
    return program


@dataclass(frozen=True)
class Language:
    """One language of the pack.

    name: as in `assay.tasks.languages`. title: as it is written in a question. folder: upstream's name for it.
    sha256: of its unpacked file. id_prefix: what stands before the number in its task ids.
    checks: a row -> rule set -> check.
    stops: where a completion ends. preamble: put before every program.
    declaration: a row -> what a program begins with where the model is not shown the docstring.
    finish: a row and an answer -> the program, as upstream mends answers before it tests them.
    more_fields: texts that its rows must have besides those of all languages.
    """

    name: str
    title: str
    folder: str
    sha256: str
    id_prefix: str
    checks: Callable[[Row], Mapping[str, Check]]
    stops: tuple[str, ...] = ()
    preamble: str = ""
    declaration: Callable[[Row], str] = stored_declaration
    finish: Callable[[Row, str], str] = as_it_is
    more_fields: tuple[str, ...] = ()
