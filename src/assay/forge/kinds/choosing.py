"""What of a row is shown where one of several could be: always the same for one task."""

from __future__ import annotations

import random
from collections.abc import Sequence

from assay.forge.dialects.dialect import Dialect
from assay.forge.task import Bug, Case, ForgeTask

_LONGEST_SHOWN = 100  # characters of a case that a person, or a model, can work out by hand


def rng(row: ForgeTask, what: str) -> random.Random:
    """Random numbers that depend on the task alone. what: keeps two choices for one task apart."""
    return random.Random(f"{what} {row.task_id}")


def bug_of(row: ForgeTask, dialect: Dialect) -> Bug | None:
    """One of the task's faults, None if it has none."""
    bugs = dialect.bugs(row)
    return rng(row, "bug").choice(bugs) if bugs else None


def case_of(row: ForgeTask) -> Case:
    """A kept-back case that is no example of the specification, short if there is one."""
    shown = [repr(example) for example in row.examples]
    cases = [case for case in row.tests if repr(case) not in shown] or list(row.tests)
    short = [case for case in cases if len(repr(case)) <= _LONGEST_SHOWN]
    return rng(row, "case").choice(short) if short else min(cases, key=lambda case: len(repr(case)))


def others(cases: Sequence[Case], expected: object) -> list[Case]:
    """The cases with another value than this one."""
    return [case for case in cases if repr(case.expected) != repr(expected)]
