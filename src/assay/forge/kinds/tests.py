"""Write tests for the function: the right function must pass them all, and every known faulty one must fail one."""

from __future__ import annotations

from assay.forge import prompts
from assay.forge.dialects.dialect import Dialect
from assay.forge.dialects.python import DIALECT as PYTHON
from assay.forge.task import Case, ForgeTask
from assay.judge.checks import SuiteCheck
from assay.sandbox.program import MIB, Limits
from assay.tasks.task import Task

MOST_BUGS = 8
MOST_TESTS = 50
LIMITS = Limits(cpu_s=1.0, memory_bytes=256 * MIB)


def make(row: ForgeTask, dialect: Dialect) -> Task | None:
    """None for a task without known faults. Tests are assertions in Python whatever language the code is in.

    The faulty functions are Python's too: code in all languages has the same behaviour.
    """
    if not row.bugs:
        return None
    bugs = row.bugs[:MOST_BUGS]
    code = dialect.declaration(row) + dialect.body(row)
    example = (row.examples or row.tests)[0]
    known = _assertion(row, example)
    words = (
        f"Write tests for {row.entry_point}: assertions in Python of the form `{known.strip()}`, one a line, with "
        f"literal arguments and values and nothing else. At most {MOST_TESTS} are read. They must hold for this "
        "function, and find as many faults as possible in others that are nearly like it: think of empty and single "
        "elements, equal and negative ones, and of limits."
    )
    killing = dict.fromkeys(_assertion(row, row.tests[bug.killed_by]) for bug in bugs)
    return Task(
        task_id=row.task_id,
        prompt=prompts.tests(code, known, dialect.comment),
        entry_point="",
        reference="".join(killing),
        # What shows nothing, and what is not so.
        buggy=_wrong(row, example),
        checks={
            "hardened": SuiteCheck(
                function=row.entry_point,
                reference=row.program,
                bugs=tuple(PYTHON.code(row, bug) for bug in bugs),
                most_tests=MOST_TESTS,
                limits=LIMITS,
            )
        },
        join_prompt=False,
        stops=("\ndef", "\nclass", "\nif", "\nprint", "\n```"),
        instruction=f"{words} Answer with one fenced code block.\n\n```{dialect.name}\n{code}```\n",
    )


def _assertion(row: ForgeTask, case: Case) -> str:
    return prompts.assertion(PYTHON.call(row, case), repr(case.expected))


def _wrong(row: ForgeTask, example: Case) -> str:
    """Tests of which one does not hold."""
    other = next(case for case in row.tests if repr(case.expected) != repr(example.expected))
    return _assertion(row, example) + _assertion(row, Case(other.arguments, example.expected))
