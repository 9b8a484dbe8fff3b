"""CRUXEval: say what a short function returns, or find arguments for which it returns a given value.

Row: id ("sample_0"), code (defines `f`), input (arguments as source), output (the value as source).
Source: facebookresearch/cruxeval, `data/cruxeval.jsonl` and folder `evaluation`; Gu et al., "CRUXEval: a benchmark for
code reasoning, understanding and execution" (2024). The words of the prompts are Assay's own.
"""

from __future__ import annotations

import ast
import builtins
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import PredictionCheck
from assay.sandbox.program import Limits
from assay.tasks.answers import CLOSING, OPENING
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task

FUNCTION = "f"
LIMITS = Limits(cpu_s=3.0)


def _source(part: str) -> Source:
    return Source(
        name="cruxeval",
        part=part,
        file="cruxeval/cruxeval.jsonl.gz",
        url="https://raw.githubusercontent.com/facebookresearch/cruxeval/main/data/cruxeval.jsonl",
        origin="facebookresearch/cruxeval",
        tasks=800,
        licence="MIT",
        kind="execution-reasoning",
        sha256="8368b81047dc5014e4caf5a2f97604eff7644e0ecd7415e3ceeb184bbc2e0c96",
        id_prefix="sample_",
    )


SOURCES = (_source("input"), _source("output"))
FIELDS = {"id": str, "code": str, "input": str, "output": str}

_WORDS = {
    "input": "Find arguments for which the function f returns the given value; any that do are right. Write the "
    "completed assertion",
    "output": "Work out what the function f returns, even if it looks wrong. Write the completed assertion, with a "
    "literal and no further calls on its right side,",
}
_EXAMPLES = {
    "input": ("def f(text, n):\n    return text[::-1] * n", "f(??) == 'olol'", "f('lo', 2) == 'olol'"),
    "output": ("def f(text, n):\n    return text[::-1] * n", "f('lo', 2) == ??", "f('lo', 2) == 'olol'"),
}


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read CRUXEval from its upstream file. Raises AssayError if the file is missing or damaged."""
    data = load_rows(source, data_dir, FIELDS)
    try:
        tasks = tuple(task_from_row(row, source.part) for row in data.rows)
    except (SyntaxError, ValueError) as error:
        raise AssayError(f"{data.path} has an input or an output that cannot be read: {error}.") from None
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: dict[str, Any], predicts: str) -> Task:
    """The task of one row. predicts: "input" or "output". Raises SyntaxError or ValueError for what is no Python."""
    ast.literal_eval(row["output"])
    call = f"{FUNCTION}({row['input']})"
    question = f"{FUNCTION}(??) == {row['output']}" if predicts == "input" else f"{call} == ??"
    words = f"{_WORDS[predicts]} between {OPENING} and {CLOSING}."
    return Task(
        task_id=row["id"],
        prompt=f"{words}\n\n{_example(predicts)}\n\n{_asked(row['code'], question)}\n{OPENING}\n",
        instruction=f"{words} Think step by step first.\n\n{_asked(row['code'], question)}\n",
        entry_point=FUNCTION,
        reference=call if predicts == "input" else row["output"],
        checks={"official": _check(row, predicts, True), "hardened": _check(row, predicts, False)},
        join_prompt=False,
        stops=(CLOSING,),
        expects="call" if predicts == "input" else "literal",
    )


def _check(row: dict[str, Any], predicts: str, official: bool) -> PredictionCheck:
    return PredictionCheck(
        predicts=predicts,
        code=row["code"],
        input=row["input"],
        output=row["output"],
        function=FUNCTION,
        official=official,
        in_process=_is_no_plain_data(row["input"]),
        limits=LIMITS,
    )


def _is_no_plain_data(arguments: str) -> bool:
    """Whether the row's own arguments hold a function (344, 364), a range (522), or a variable of its code (258)."""
    nodes = list(ast.walk(ast.parse(f"{FUNCTION}({arguments})")))
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - {FUNCTION}
    return "range" in names or not names <= vars(builtins).keys() or any(isinstance(node, ast.Lambda) for node in nodes)


def _example(predicts: str) -> str:
    code, question, answer = _EXAMPLES[predicts]
    return f"{_asked(code, question)}\n{OPENING}\nassert {answer}\n{CLOSING}"


def _asked(code: str, question: str) -> str:
    return f"[PYTHON]\n{code}\nassert {question}\n[/PYTHON]"
