"""Write the function from its specification; kept-back calls decide."""

from __future__ import annotations

from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds.choosing import bug_of
from assay.forge.task import ForgeTask
from assay.tasks.task import Task


def make(row: ForgeTask, dialect: Dialect) -> Task:
    """The function continues its declaration."""
    declaration = dialect.declaration(row)
    bug = bug_of(row, dialect)
    return Task(
        task_id=row.task_id,
        prompt=declaration,
        entry_point=row.entry_point,
        reference=dialect.without_closing(declaration + dialect.body(row)),
        buggy=declaration + bug.body if bug else "",
        checks={"hardened": dialect.check(row)},
        stops=dialect.stops,
        always_cut=bool(dialect.closing),
        closing=dialect.closing,
        finish=dialect.finish,
        language=dialect.name,
    )
