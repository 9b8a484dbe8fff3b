"""The checks of contest problems: programs that read stdin and write stdout, and functions called with stored values.

Expected outputs stay outside the jail. The first test that fails decides; its number is named in the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from assay.judge.output_rules import OutputRule
from assay.sandbox.program import Limits


@dataclass(frozen=True)
class StdioTest:
    """What a program reads, and what it must write."""

    stdin: bytes
    expected: bytes


@dataclass(frozen=True)
class CallTest:
    """Arguments of a call, and what it must return. Plain values. also: other results that are right."""

    args: tuple[Any, ...]
    expected: Any = field(hash=False)
    also: tuple[Any, ...] = field(default=(), hash=False)


Test = TypeVar("Test", covariant=True)


class StoredTests(Protocol[Test]):
    """Tests too large to carry around: they are read where they are needed, and then only."""

    def read(self) -> tuple[Test, ...]:
        """The tests. Raises OSError, and ValueError with a sentence, where they cannot be read."""


@dataclass(frozen=True)
class SpecialChecker:
    """A program of the task that decides whether an output is right, for problems with several right answers.

    It is started in a jail with three arguments, the names of files: the input, the output of the answer, the expected
    output. It ends with status 0 for a right output and with 1 or 2 for a wrong one, as testlib's checkers do; what it
    prints then goes into the verdict. Any other end, also by an uncaught exception, is a failure of the checker.

    language: a name from `assay.sandbox.languages`. files: (name, text), the first is the entry.
    """

    language: str
    files: tuple[tuple[str, str], ...]
    limits: Limits = Limits(cpu_s=10.0)


@dataclass(frozen=True)
class StdioCheck:
    """The answer is a whole program, built once and started anew for every test, with real stdin and stdout.

    tests: in order, or where they are stored. rule: how outputs are compared; a `checker` takes its place.
    language: what the answer is written in; "" for the language that goes with each answer.
    files: (name, text) with CANDIDATE where the answer belongs, the first being the entry; empty for the answer alone.
    flags: for the compiler or interpreter.
    limits: of one test. Output may hold 1 MiB more than twice what is expected, stderr included; the limit on output
    given here does not matter. interpreted: of one test in languages without a compiler, where these differ.
    """

    tests: tuple[StdioTest, ...] | StoredTests[StdioTest]
    rule: OutputRule
    language: str = ""
    files: tuple[tuple[str, str], ...] = ()
    checker: SpecialChecker | None = None
    flags: tuple[str, ...] = ()
    limits: Limits = Limits(cpu_s=10.0)
    interpreted: Limits | None = None


@dataclass(frozen=True)
class CallCheck:
    """A Python function is called with the arguments of every test, in one process; answers are compared outside.

    entry_point: "name" of a function, or "Class.name" of a method; where an answer has no such class, of a function.
    preamble: Python source that is executed before the answer.
    official: as LiveCodeBench does: one instance for all calls, and answers that Python's `==` finds equal after a
    tuple was made a list. Otherwise an instance for every call, and values of one kind, with 1e-6 for floats and no
    difference between tuples and lists.
    limits: of one call; the answer's loading counts with the first one.
    """

    entry_point: str
    tests: tuple[CallTest, ...] | StoredTests[CallTest]
    preamble: str = ""
    official: bool = False
    limits: Limits = Limits(cpu_s=6.0)
