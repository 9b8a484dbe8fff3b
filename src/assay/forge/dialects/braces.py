"""Tasks of the forge in languages with braces: a program around the answer makes the calls, results are compared
outside.

The expected values never enter the jail: the answer's process reads arguments from stdin and writes results
(`assay.forge.wire`). Completions end at the brace that closes the function, which is put behind them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.errors import AssayError
from assay.forge.drivers import cpp, go, java, javascript, rust
from assay.forge.render import whole
from assay.forge.task import Bug, Case, ForgeTask
from assay.forge.wire import calls, readable, results
from assay.judge.checks import CANDIDATE, Check
from assay.judge.contest import StdioCheck, StdioTest
from assay.judge.output_rules import OutputRule
from assay.sandbox.program import MIB, Limits
from assay.tasks.harness.go import imports as go_imports

LIMITS = Limits(cpu_s=10.0, memory_bytes=1024 * MIB)
Files = Callable[[ForgeTask, str, str], tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Braces:
    """One language.

    general: imports that every declaration begins with; those of the reference that they cover are left out.
    covered: pattern of these. indent: of the line that a function begins on. files: a task, the declared head and what
    closes an answer -> the files of the program around it. finish: what is done to every answer.
    """

    name: str
    title: str
    files: Files
    general: str = ""
    covered: str = r"(?!)"
    indent: str = ""
    closing: str = "}\n"
    stops: tuple[str, ...] = ("\n}",)
    finish: Callable[[str], str] = str
    comment: str = "//"

    def _parts(self, row: ForgeTask) -> tuple[str, str, str]:
        """What stands before the function, its head, and its body to the end of the program."""
        text = row.references.get(self.name)
        if text is None:
            raise AssayError(
                f"{row.task_id} has no reference in {self.name}. Make the tasks with: assay forge --languages "
                f"python,{self.name} --out DIR, or name them as forge:{self.name}."
            )
        before, head, body = whole.split(self.name, text, row.entry_point)
        kept = [line for line in before.split("\n") if not re.fullmatch(self.covered, line)]
        return f"{self.general}{chr(10).join(kept).lstrip(chr(10))}", head, body

    def declaration(self, row: ForgeTask) -> str:
        before, head, _ = self._parts(row)
        words = row.docstring.partition("\n>>> ")[0].splitlines()
        examples = [f"{self.call(row, case)} gives {self.value(row, case.expected)}" for case in row.examples]
        doc = "".join(f"{self.indent}{self.comment} {line}".rstrip() + "\n" for line in (*words, *examples))
        return f"{before}{doc}{head}"

    def body(self, row: ForgeTask) -> str:
        return self._parts(row)[2]

    def code(self, row: ForgeTask, bug: Bug | None = None) -> str:
        before, head, body = self._parts(row)
        return f"{before}{head}{bug.body if bug else body}"

    def head(self, row: ForgeTask) -> str:
        before, head, _ = self._parts(row)
        return before + head

    def bugs(self, row: ForgeTask) -> tuple[Bug, ...]:
        return row.faults.get(self.name, ())

    def call(self, row: ForgeTask, case: Case) -> str:
        return f"{row.entry_point}({', '.join(map(readable, case.arguments))})"

    def value(self, row: ForgeTask, value: Any) -> str:
        return readable(value)

    def without_closing(self, program: str) -> str:
        """A whole program up to the brace that ends the function."""
        return program.rstrip()[: -len(self.closing.strip())].rstrip() + "\n" if self.closing else program

    def check(self, row: ForgeTask, closed: bool = False) -> Check:
        """closed: answers close the function themselves."""
        cases = (*row.tests, *row.audit)
        return StdioCheck(
            tests=(StdioTest(calls(cases).encode(), results(cases).encode()),),
            rule=OutputRule("exact"),
            language=self.name,
            files=self.files(row, self._parts(row)[1], "" if closed else self.closing),
            limits=LIMITS,
        )


def _cpp(row: ForgeTask, head: str, closing: str) -> tuple[tuple[str, str], ...]:
    text = f"#include <bits/stdc++.h>\n{CANDIDATE}\n{closing}{cpp.driver([row.entry_point])}"
    return (("main.cpp", text),)


def _go(row: ForgeTask, head: str, closing: str) -> tuple[tuple[str, str], ...]:
    return ("main.go", go.driver([row.entry_point])), ("answer.go", f"package main\n{CANDIDATE}\n{closing}")


def _java(row: ForgeTask, head: str, closing: str) -> tuple[tuple[str, str], ...]:
    driver = java.driver(["Solution"], [row.entry_point])
    return (java.MAIN, driver), ("Solution.java", f"{CANDIDATE}\n{closing}")


def _javascript(row: ForgeTask, head: str, closing: str) -> tuple[tuple[str, str], ...]:
    driver = javascript.driver([row.entry_point], [len(row.tests[0].arguments)])
    return (("main.js", f"{CANDIDATE}\n{closing}\n;{driver}"),)


def _rust(row: ForgeTask, head: str, closing: str) -> tuple[tuple[str, str], ...]:
    driver = rust.driver([row.entry_point], [head.strip()], "OrderedMap" in head)
    return (("main.rs", f"#![allow(warnings)]\n{CANDIDATE}\n{closing}{driver}"),)


def _without_main(pattern: str, by: str) -> Callable[[str], str]:
    """Gives a `main` of the answer another name, since the program around it has one."""
    return lambda program: re.sub(pattern, by, program)


def _finished_go(program: str) -> str:
    """Without package clause, with the imports it lacks; its `main` has another name."""
    program = re.sub(r"^package main\b", "", program, flags=re.M)
    program = re.sub(r"^func main\(\)", "func main_of_the_answer()", program, flags=re.M)
    missing = go_imports(program)
    return f"import (\n{missing})\n{program}" if missing else program


CPP = Braces(
    name="cpp",
    title="C++",
    files=_cpp,
    general="#include <bits/stdc++.h>\n\n",
    covered=r"#include <\w+>",
    finish=_without_main(r"\bint\s+main\s*\(", "int main_of_the_answer("),
)
GO = Braces(
    name="go",
    title="Go",
    files=_go,
    general="package main\n\n",
    covered=r'package main|import "\w+"',
    finish=_finished_go,
)
JAVA = Braces(
    name="java",
    title="Java",
    files=_java,
    general="import java.util.*;\n\n",
    covered=r"import java\.util\.\w+;",
    indent="    ",
    closing="    }\n}\n",
    stops=("\n    }",),
)
JAVASCRIPT = Braces(name="javascript", title="JavaScript", files=_javascript)
RUST = Braces(
    name="rust",
    title="Rust",
    files=_rust,
    general="use std::collections::{BTreeMap, HashMap, HashSet};\n\n",
    covered=r"use std::collections::\w+;",
    finish=_without_main(r"(?m)^(?:pub )?fn main\(", "fn main_of_the_answer("),
)
