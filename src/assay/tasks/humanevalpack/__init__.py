"""HumanEvalPack: HumanEval's 164 tasks with a bug each, to be fixed, explained, or written from words.

  humanevalfix:LANG         the buggy function and its tests; the fixed function is asked for
  humanevalfix-docs:LANG    the same with the docstring in place of the tests
  humanevalexplain:LANG     describe the right function; then write it from that description alone
  humanevalsynthesize:LANG  write the function from its docstring

Row: task_id ("Python/0"), prompt (declaration with docstring), declaration, canonical_solution and buggy_solution
(bodies), entry_point, docstring, instruction, test (calls itself). What differs between languages is in one module per
language, a `Language` record named LANGUAGE; adding one is adding its module, and its name below.
Source: bigcode-project/octopack (rows), bigcode-evaluation-harness `bigcode_eval/tasks/humanevalpack.py` (prompts,
joins, time limits); paper: Muennighoff et al., "OctoPack: Instruction tuning code large language models" (2023).
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from assay.tasks.data import load_rows
from assay.tasks.humanevalpack import cpp, go, java, javascript, python, rust
from assay.tasks.humanevalpack.language import Language
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, FollowUp, Task

_LANGUAGES = {each.LANGUAGE.name: each.LANGUAGE for each in (python, cpp, go, java, javascript, rust)}
_KINDS = {
    "humanevalfix": "debug",
    "humanevalfix-docs": "debug",
    "humanevalexplain": "explain",
    "humanevalsynthesize": "complete",
}
_TEXTS = (
    "task_id",
    "prompt",
    "declaration",
    "canonical_solution",
    "buggy_solution",
    "entry_point",
    "docstring",
    "instruction",
    "test",
)
# Lines of code up to this long may stay in a description.
_LONGEST_LINE_KEPT = 20


def _source(name: str, language: Language) -> Source:
    file = f"{language.folder}/humanevalpack.jsonl"
    octopack = "https://raw.githubusercontent.com/bigcode-project/octopack/main/evaluation/create/humaneval-x/data"
    return Source(
        name=name,
        part=language.name,
        file=f"humanevalpack/{file}.gz",
        url=f"{octopack}/{language.folder}/data/humanevalpack.jsonl",
        origin="bigcode-project/octopack",
        tasks=164,
        licence="MIT",
        languages=(language.name,),
        kind=_KINDS[name],
        sha256=language.sha256,
        id_prefix=language.id_prefix,
    )


SOURCES = tuple(_source(name, language) for name in _KINDS for language in _LANGUAGES.values())


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read one language from its upstream file. Raises AssayError if the file is missing or damaged."""
    language = _LANGUAGES[source.part]
    data = load_rows(source, data_dir, dict.fromkeys((*_TEXTS, *language.more_fields), str))
    tasks = tuple(task_from_row(row, source.name, language) for row in data.rows)
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: dict[str, Any], name: str, language: Language) -> Task:
    """The task that benchmark `name` makes of one row."""
    prefix = row["prompt"] if name in ("humanevalsynthesize", "humanevalfix-docs") else language.declaration(row)
    question, follow_up = _question(row, name, language, prefix)
    return Task(
        task_id=row["task_id"],
        prompt=question if follow_up else f"{question}\n\n{prefix}",
        prefix=prefix,
        entry_point=row["entry_point"],
        reference=prefix + row["canonical_solution"],
        buggy=prefix + row["buggy_solution"],
        preamble=language.preamble,
        finish=functools.partial(language.finish, row),
        checks=language.checks(row),
        stops=language.stops,
        language=language.name,
        instruction=question if follow_up else f"{question} Answer with the whole function.",
        follow_up=follow_up,
    )


def _question(row: dict[str, Any], name: str, language: Language, prefix: str) -> tuple[str, FollowUp | None]:
    """What is asked in words, in upstream's order (code first); and what is asked next, if the answer is no program."""
    if name == "humanevalsynthesize":
        return row["instruction"].strip(), None
    if name == "humanevalexplain":
        limit = len(row["docstring"])
        words = f"Provide a concise natural language description of the code using at most {limit} characters."
        return f"{prefix}{row['canonical_solution']}\n{words}", _write_again(row, language, prefix)
    tests = "" if name == "humanevalfix-docs" else f"\n{row['test']}"
    return f"{prefix}{row['buggy_solution']}{tests}\nFix bugs in {row['entry_point']}.", None


def _write_again(row: dict[str, Any], language: Language, prefix: str) -> FollowUp:
    words = f"{{answer}}\nWrite functional code in {language.title} according to the description."
    lines = (line.strip() for line in row["canonical_solution"].split("\n"))
    return FollowUp(
        prompt=f"{words}\n\n{prefix}",
        instruction=f"{words} It continues this declaration; answer with the whole function.\n\n{prefix}",
        max_chars=len(row["docstring"]),
        without=tuple(line for line in lines if len(line) > _LONGEST_LINE_KEPT),
    )
