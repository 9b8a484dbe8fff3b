"""Mend the function: a faulty body and the first call that shows the fault; the fixed function is asked for."""

from __future__ import annotations

from assay.forge import prompts
from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds.choosing import bug_of
from assay.forge.task import ForgeTask
from assay.tasks.task import Task


def make(row: ForgeTask, dialect: Dialect) -> Task | None:
    """None for a task without a fault in this language."""
    bug = bug_of(row, dialect)
    if bug is None:
        return None
    declaration = dialect.declaration(row)
    faulty = declaration + bug.body
    failing = row.tests[bug.killed_by]
    called, expected = dialect.call(row, failing), dialect.value(row, failing.expected)
    failure = f"but it {bug.failure}" if bug.failure else "but it does not"
    return Task(
        task_id=row.task_id,
        prompt=prompts.repair(faulty, called, expected, bug.failure, dialect.head(row), dialect.comment),
        prefix=dialect.head(row),
        entry_point=row.entry_point,
        reference=dialect.without_closing(declaration + dialect.body(row)),
        buggy=faulty,
        checks={"hardened": dialect.check(row)},
        stops=dialect.stops,
        always_cut=bool(dialect.closing),
        closing=dialect.closing,
        finish=dialect.finish,
        language=dialect.name,
        instruction=f"This {dialect.title} program has a bug: {called} should return {expected}, {failure}. Fix it. "
        f"Answer with the whole program in one fenced code block.\n\n```{dialect.name}\n{faulty}```\n",
    )
