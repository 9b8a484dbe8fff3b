"""Mend the function: a faulty body and the first call that shows the fault; the fixed function is asked for."""

from __future__ import annotations

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
    said = f"{dialect.call(row, failing)} should return {dialect.value(row, failing.expected)}"
    failure = f"but it {bug.failure}" if bug.failure else "but it does not"
    return Task(
        task_id=row.task_id,
        prompt=f"{faulty.rstrip()}\n\n{dialect.comment} There is a bug above: {said}, {failure}.\n"
        f"{dialect.comment} The same without the bug:\n\n{declaration}",
        prefix=declaration,
        entry_point=row.entry_point,
        reference=declaration + dialect.body(row),
        buggy=faulty,
        checks={"hardened": dialect.check(row)},
        stops=dialect.stops,
        language=dialect.name,
        instruction=f"This {dialect.title} program has a bug: {said}, {failure}. Fix it. Answer with the whole program "
        f"in one fenced code block.\n\n```{dialect.name}\n{faulty}```\n",
    )
