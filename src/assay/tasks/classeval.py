"""ClassEval: write a whole class from its skeleton; a unittest suite for each method, and one for the class, decide.

Row: task_id ("ClassEval_0"), skeleton, test (unittest classes), solution_code, import_statement (lines), class_name,
test_classes (names of the suites). Only whole classes are judged here, no single methods.
Source: FudanSELab/ClassEval, `data/ClassEval_data.json` and folder `classeval_evaluation`; Du et al., "Evaluating large
language models in class-level code generation" (2024).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check, InProcessCheck, ScriptCheck, UnavailableCheck
from assay.sandbox.program import Limits
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.syntax import parse
from assay.tasks.task import RULE_SETS, Benchmark, Task

SOURCES = (
    Source(
        name="classeval",
        file="classeval/ClassEval_data.json.gz",
        url="https://raw.githubusercontent.com/FudanSELab/ClassEval/master/data/ClassEval_data.json",
        origin="FudanSELab/ClassEval",
        tasks=100,
        licence="CC-BY-NC-4.0",
        kind="class",
        sha256="50a1ac0e4d0c238573c10c0ab11feae00b14a80ae9e4c9cc28148707ecf0b6a2",
        id_prefix="ClassEval_",
    ),
)
FIELDS = {
    "task_id": str,
    "skeleton": str,
    "test": str,
    "solution_code": str,
    "import_statement": list,
    "class_name": str,
    "test_classes": list,
}
SUITE_S = 5.0  # upstream's limit for each suite, there by the clock


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read ClassEval from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    try:
        tasks = tuple(map(task_from_row, data.rows))
    except (SyntaxError, ValueError, TypeError) as error:
        raise AssayError(f"{data.path} has a solution or tests that are not Python: {error}.") from None
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row. Raises SyntaxError if its solution or its tests do not parse."""
    preamble = "".join(f"{line}\n" for line in row["import_statement"])
    words = f"Complete the class {row['class_name']}."
    return Task(
        task_id=row["task_id"],
        prompt=f"# {words}\n{row['skeleton']}\n",
        entry_point=row["class_name"],
        reference=row["solution_code"],
        preamble=preamble,
        checks=_checks(row, preamble),
        join_prompt=False,
        instruction=f"{words} Answer with the whole class.\n\n```python\n{row['skeleton']}\n```\n",
    )


def _checks(row: dict[str, Any], preamble: str) -> dict[str, Check]:
    tests = parse(row["test"])
    packages = sorted(_packages((parse(preamble), parse(row["solution_code"]), tests)))
    if packages:
        return dict.fromkeys(RULE_SETS, UnavailableCheck(f"needs {', '.join(packages)}, which the jail does not have"))
    suites = [name.strip() for name in row["test_classes"]]  # one name has a blank before it
    limits = Limits(cpu_s=SUITE_S * len(suites))
    return {
        "official": ScriptCheck(f"{row['test']}\n{_runner(suites)}", limits, static_methods=True),
        "hardened": InProcessCheck("", (), row["test"], _count(tests), limits),
    }


def _packages(modules: Iterable[ast.Module]) -> set[str]:
    """Third-party packages that the imports name."""
    names: set[str] = set()
    for node in (node for module in modules for node in ast.walk(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def _runner(suites: list[str]) -> str:
    """Runs each suite as upstream does; an assert holds where upstream says "success"."""
    asserts = "\n".join(f"assert succeeds({suite})" for suite in suites)
    return f"""\
import io
import unittest

def succeeds(suite):
    tests = unittest.TestLoader().loadTestsFromTestCase(suite)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(tests)
    return result.testsRun and not result.errors and not result.failures

{asserts}
"""


def _count(tests: ast.Module) -> int:
    """How many test methods there are; of two with one name in a class only the latter is a test."""
    classes = {node.name: node for node in tests.body if isinstance(node, ast.ClassDef)}
    return sum(
        len({each.name for each in node.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test")})
        for node in classes.values()
    )
