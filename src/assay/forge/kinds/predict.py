"""Say what a call returns, the code being shown and the specification not. Values are written as Python writes them."""

from __future__ import annotations

import re

from assay.forge import prompts
from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds.choosing import case_of, others
from assay.forge.task import ForgeTask
from assay.judge.checks import PredictionCheck
from assay.sandbox.program import Limits
from assay.tasks.answers import CLOSING, OPENING
from assay.tasks.task import Task

_WORDS = (
    "Work out what the function returns, even if it looks wrong. Write the completed assertion, with a literal as "
    f"Python writes it and no further calls on its right side, between {OPENING} and {CLOSING}."
)
_SPELLED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\b(?:true|false)\b")


def make(row: ForgeTask, dialect: Dialect) -> Task:
    """The call and the value are Python whatever language the code is in: the code is what differs."""
    case = case_of(row)
    arguments, expected = ", ".join(map(repr, case.arguments)), repr(case.expected)
    wrong = others((*row.tests, *row.examples, *row.audit), case.expected)
    asked = f"```{dialect.name}\n{dialect.code(row).rstrip()}\n```\nassert {row.entry_point}({arguments}) == ??"
    return Task(
        task_id=row.task_id,
        prompt=prompts.predict(dialect.code(row), f"{row.entry_point}({arguments})"),
        instruction=f"{_WORDS} Think step by step first.\n\n{asked}\n",
        entry_point=row.entry_point,
        reference=expected,
        buggy=repr(wrong[0].expected) if wrong else "",
        checks={
            "hardened": PredictionCheck(
                predicts="output",
                code=row.program,
                input=arguments,
                output=expected,
                function=row.entry_point,
                limits=Limits(cpu_s=2.0),
            )
        },
        join_prompt=False,
        stops=("\n", CLOSING),
        expects="literal",
        finish=as_python,
    )


def as_python(value: str) -> str:
    """A literal with true and false as Python spells them; strings are left alone."""
    return _SPELLED.sub(lambda found: found[0].capitalize() if found[0][0] not in "\"'" else found[0], value)
