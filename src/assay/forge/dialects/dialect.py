"""What the kinds of question need to know of one programming language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from assay.forge.task import Bug, Case, ForgeTask
from assay.judge.checks import Check


class Dialect(Protocol):
    """One language. Programs are whole: what stands before the function, the function, and nothing that calls it."""

    @property
    def name(self) -> str:
        """As in `assay.tasks.languages`."""

    @property
    def title(self) -> str:
        """As it is written in a question."""

    @property
    def comment(self) -> str:
        """What a line of comment begins with."""

    @property
    def stops(self) -> tuple[str, ...]:
        """Where a completion of a function's body ends."""

    @property
    def closing(self) -> str:
        """What ends a function that is written after its declaration; `check` puts it there."""

    @property
    def finish(self) -> Callable[[str], str]:
        """What is done to every answer before it is tested."""

    def declaration(self, row: ForgeTask) -> str:
        """What a completion continues: what stands before the function, its specification, its head."""

    def body(self, row: ForgeTask) -> str:
        """The reference's body, which continues the declaration."""

    def code(self, row: ForgeTask, bug: Bug | None = None) -> str:
        """The program without its specification: the reference, or with a fault in it."""

    def head(self, row: ForgeTask) -> str:
        """What stands before the body in `code`."""

    def bugs(self, row: ForgeTask) -> tuple[Bug, ...]:
        """The faults that this language has programs for; their bodies continue the declaration."""

    def call(self, row: ForgeTask, case: Case) -> str:
        """The call of a case, as a line of the language has it."""

    def value(self, row: ForgeTask, value: Any) -> str:
        """A value that the function returns."""

    def without_closing(self, program: str) -> str:
        """A whole program without what `check` puts behind answers."""

    def check(self, row: ForgeTask, closed: bool = False) -> Check:
        """What an answer must pass: all kept-back cases, their values outside the jail.

        closed: answers end with what is `closing` themselves.
        """
