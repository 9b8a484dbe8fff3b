"""Answers to a few tasks of MultiPL-E, written by hand for each language: right ones, wrong ones, and ones that cheat.

`answers/LANGUAGE.txt` holds them one after another, each under a line

    ### TASK VERDICT|VERDICT UPSTREAM: what it is

TASK is the number in HumanEval; one of the verdicts is right under the hardened rules; UPSTREAM is what upstream's
rules make of it, pass or fail. The text is what a model would write after the prompt, so that some of it closes the
function and opens another for the rest of the tests' own text to close. `rows.jsonl` has the tasks: rows of
nuprl/MultiPL-E (MIT licence) reduced to what a program is made of.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.tasks.languages import canonical_language
from assay.tasks.multipl_e import LANGUAGES, task_from_row
from assay.tasks.task import Task

FOLDER = Path(__file__).parent
_HEADER = re.compile(r"^### (\d+) ([\w|]+) (pass|fail): (.*)\n", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    language: str
    task_id: str
    verdicts: tuple[str, ...]
    passes_upstream: bool
    about: str
    text: str

    @property
    def program(self) -> str:
        """As `assay.tasks.extract` would put it together, but not cut: stop strings are no protection from cheats."""
        return tasks()[self.language, self.task_id].prompt + self.text


@functools.cache
def tasks() -> dict[tuple[str, str], Task]:
    """(language, task id) -> task."""
    found = {}
    for line in (FOLDER / "rows.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        language = canonical_language(row["language"])
        found[language, row["name"]] = task_from_row(_satisfiable(row), LANGUAGES[language])
    return found


def _satisfiable(row: dict[str, Any]) -> dict[str, Any]:
    """C#'s lists are compared by identity upstream, and by their elements in Qwen's rows."""
    if row["language"] == "cs" and "List<long>" in row["tests"]:
        return {**row, "tests": row["tests"].replace(".Equals(", ".SequenceEqual(")}
    return row


def answers(language: str) -> list[Answer]:
    text = (FOLDER / "answers" / f"{language}.txt").read_text(encoding="utf-8")
    _, *parts = _HEADER.split(text)
    found = []
    for number, verdicts, upstream, about, body in zip(*(parts[at::5] for at in range(5)), strict=True):
        task_id = next(name for of, name in tasks() if of == language and name.startswith(f"HumanEval_{number}_"))
        found.append(
            Answer(language, task_id, tuple(verdicts.split("|")), upstream == "pass", about, body.removesuffix("\n"))
        )
    return found
