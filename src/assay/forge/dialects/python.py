"""Tasks of the forge in Python: a function is called in the jail, what it returns is compared outside."""

from __future__ import annotations

from typing import Any

from assay.forge.task import Bug, Case, ForgeTask
from assay.judge.checks import Check
from assay.judge.contest import CallCheck, CallTest
from assay.sandbox.program import MIB, Limits
from assay.tasks.humaneval import STOPS

LIMITS = Limits(cpu_s=2.0, memory_bytes=512 * MIB)


class Python:
    name, title, comment = "python", "Python", "#"
    stops, closing = STOPS, ""

    def declaration(self, row: ForgeTask) -> str:
        return row.prompt

    def body(self, row: ForgeTask) -> str:
        return row.body

    def code(self, row: ForgeTask, bug: Bug | None = None) -> str:
        return f"{row.helpers}{row.signature}\n{bug.body if bug else row.body}"

    def head(self, row: ForgeTask) -> str:
        return f"{row.helpers}{row.signature}\n"

    def bugs(self, row: ForgeTask) -> tuple[Bug, ...]:
        return row.bugs

    def call(self, row: ForgeTask, case: Case) -> str:
        return f"{row.entry_point}({', '.join(map(repr, case.arguments))})"

    def value(self, row: ForgeTask, value: Any) -> str:
        return repr(value)

    def finish(self, program: str) -> str:
        return program

    def without_closing(self, program: str) -> str:
        return program

    def check(self, row: ForgeTask, closed: bool = False) -> Check:
        tests = tuple(CallTest(case.arguments, case.expected) for case in (*row.tests, *row.audit))
        return CallCheck(row.entry_point, tests, limits=LIMITS)


DIALECT = Python()
