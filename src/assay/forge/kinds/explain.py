"""Describe the function; then write it again from that description alone. Kept-back calls decide."""

from __future__ import annotations

from assay.forge import prompts
from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds.choosing import bug_of
from assay.forge.task import ForgeTask
from assay.tasks.task import FollowUp, Task

_LEAST_CHARS = 200  # of a description
# Lines of code up to this long may stay in a description, as in HumanEvalExplain.
_LONGEST_LINE_KEPT = 20


def make(row: ForgeTask, dialect: Dialect) -> Task:
    """The description may be twice as long as the specification, and holds no line of the code."""
    code, head = dialect.code(row), dialect.head(row)
    chars = max(_LEAST_CHARS, 2 * len(row.docstring))
    words = (
        f"Describe in English what this {dialect.title} function returns, so exactly that a reader could write it "
        f"again from the description alone. Use at most {chars} characters and no code."
    )
    again = f"{{answer}}\n\nWrite the {dialect.title} function {row.entry_point} that is described above."
    bug = bug_of(row, dialect)
    return Task(
        task_id=row.task_id,
        prompt=prompts.summarise(code, dialect.comment),
        instruction=f"{words}\n\n```{dialect.name}\n{code}```\n",
        prefix=head,
        entry_point=row.entry_point,
        reference=dialect.without_closing(code),
        buggy=dialect.code(row, bug) if bug else "",
        checks={"hardened": dialect.check(row)},
        stops=dialect.stops,
        always_cut=bool(dialect.closing),
        closing=dialect.closing,
        finish=dialect.finish,
        language=dialect.name,
        follow_up=FollowUp(
            prompt=_described(head, dialect),
            instruction=f"{again} It continues this declaration; answer with the whole program in one fenced code "
            f"block.\n\n```{dialect.name}\n{head}```\n",
            max_chars=chars,
            without=tuple(line for each in code.splitlines() if len(line := each.strip()) > _LONGEST_LINE_KEPT),
        ),
    )


def _described(head: str, dialect: Dialect) -> str:
    """The head with the description in the place of the specification, as a model that was trained here knows it."""
    if dialect.name == "python":
        return f'{head}    """{{answer}}\n    """\n'
    lines = head.rstrip("\n").split("\n")
    indent = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())]
    return "\n".join((*lines[:-1], f"{indent}{dialect.comment} {{answer}}", lines[-1], ""))
