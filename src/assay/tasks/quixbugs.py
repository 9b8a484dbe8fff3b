"""QuixBugs in Python: mend a short algorithm that has one wrong line; asserts decide.

Row: name, buggy_program, docstring, solution, tests (asserts, or test functions that are called at the end).
Source: jkoppel/QuixBugs, as one file in bigcode-project/octopack; join, prompt, stop strings and time limit as in
bigcode-evaluation-harness, `bigcode_eval/tasks/quixbugs.py`.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check, InProcessCheck, ScriptCheck, StubCheck
from assay.sandbox.program import Limits
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.syntax import parse
from assay.tasks.task import Benchmark, Task

_FILE = "quixbugs_python.jsonl"
SOURCES = (
    Source(
        name="quixbugs",
        file=f"quixbugs/{_FILE}.gz",
        url=f"https://raw.githubusercontent.com/bigcode-project/octopack/main/evaluation/other/QuixBugs/{_FILE}",
        origin="jkoppel/QuixBugs (bigcode-project/octopack)",
        tasks=40,
        licence="MIT",
        kind="debug",
        sha256="7322b63b31c2e20c7e05b97ef05e674e30eed5601df5cce7545a1a77031bf4d3",
    ),
)
FIELDS = {"name": str, "buggy_program": str, "docstring": str, "solution": str, "tests": str}
LIMITS = Limits(cpu_s=10.0)
STOPS = ("\ndef", "\nclass", "\n#", "\n@", "\nprint", "\nif", "###", "///")


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read QuixBugs from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    try:
        tasks = tuple(map(task_from_row, data.rows))
    except (SyntaxError, ValueError) as error:
        raise AssayError(f"{data.path} has a solution or tests that are not Python: {error}.") from None
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row. Raises SyntaxError if its solution or its tests do not parse."""
    return Task(
        task_id=row["name"],
        prompt=f"# Buggy function\n{row['buggy_program']}\n# Fixed function\n",
        entry_point=row["name"],
        reference=row["solution"],
        buggy=row["buggy_program"],
        checks={"official": ScriptCheck(row["tests"], LIMITS), "hardened": _hardened(row)},
        join_prompt=False,
        stops=STOPS,
        instruction=f"Fix the bug in {row['name']}. Answer with the whole program.\n\n"
        f"```python\n{row['buggy_program']}\n```\n",
    )


def _hardened(row: dict[str, Any]) -> Check:
    tests = parse(row["tests"])
    if not _passes_objects(tests) and not _is_generator(row["solution"], row["name"]):
        return StubCheck("", row["tests"], (row["name"],), LIMITS)
    # Everything up to the calls of the test functions is set-up; what is left are the tests, counted one by one.
    done = next(i for i, node in enumerate(tests.body) if isinstance(node, ast.Assert | ast.Expr))
    setup, rest = ("\n".join(map(ast.unparse, nodes)) for nodes in (tests.body[:done], tests.body[done:]))
    each = tuple(ast.unparse(node) for node in parse(rest).body)
    return InProcessCheck(setup, each, "", len(each), LIMITS)


def _passes_objects(tests: ast.Module) -> bool:
    """Whether the tests build graphs or lists of objects, which cannot cross the jail's wall."""
    return any(isinstance(node, ast.ClassDef) for node in tests.body)


def _is_generator(solution: str, name: str) -> bool:
    """Whether the right function yields its answer, which is no plain data."""
    functions = (node for node in parse(solution).body if isinstance(node, ast.FunctionDef) and node.name == name)
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for function in functions for node in ast.walk(function))
