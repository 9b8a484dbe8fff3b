"""Contest problems: solutions written by hand for the rows of CodeContests, right and wrong ones.

`contest_solutions/TASK_what.EXT` says in its first line which verdict it must get; where upstream's rule differs,
because a problem has several right answers, that too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.judge.judge import Judge
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing
from assay.tasks.catalog import load
from assay.tasks.task import Task
from evaluated import data_folder

SOLUTIONS = sorted((Path(__file__).parent / "contest_solutions").iterdir())
_HEADER = re.compile(r"^(?:#|//) (\w+)(?:, official: (\w+))?")


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return {task.task_id.rpartition("/")[2]: task for task in load("code-contests", data_folder()).tasks}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.name)
def test_solutions_get_their_verdicts(tasks: dict[str, Task], judge: Judge, path: Path) -> None:
    language = next(each for each in LANGUAGES.values() if path.suffix in each.extensions)
    if lacking := missing(language):
        pytest.skip(f"no toolchain for {language.name}: {lacking}")
    text = path.read_text()
    header = _HEADER.match(text)
    assert header, f"{path.name} does not say what it is"
    task = tasks[path.name.partition("_")[0]]
    expected = {"hardened": header[1], "official": header[2] or header[1]}
    verdicts = {rules: judge.judge(check, text, language.name) for rules, check in task.checks.items()}
    assert {rules: verdict.kind.value for rules, verdict in verdicts.items()} == expected, verdicts


def test_every_problem_but_the_interactive_one_has_a_right_solution() -> None:
    solved = {path.name.partition("_")[0] for path in SOLUTIONS if "_right" in path.name}
    assert solved == {str(number) for number in range(20)} - {"11"}
