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
from assay.judge.verdict import VerdictKind
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


LIVE = {
    "codeforces/1873_A": (
        "for _ in range(int(input())):\n    print('NO' if input() in ('bca', 'cab') else 'YES')",
        "for _ in range(int(input())):\n    print('YES')",
    ),
    "atcoder/abc301_a": (
        "n = int(input())\ns = input().strip()\nt, a = s.count('T'), s.count('A')\n"
        "print('T' if t > a or (t == a and s[-1] == 'A') else 'A')",
        "input()\ns = input()\nprint('T' if s.count('T') > s.count('A') else 'A')",
    ),
}
SENIORS = (
    "class Solution:\n    def countSeniors(self, details: List[str]) -> int:\n"
    "        return sum(int(d[11:13]) > 60 for d in details)",
    "class Solution:\n    def countSeniors(self, details: List[str]) -> int:\n"
    "        return sum(int(d[11:13]) >= 60 for d in details)",
)


def test_the_sample_of_livecodebench_is_judged(judge: Judge) -> None:
    tasks = load("livecodebench@sample", data_folder()).tasks
    assert len(tasks) == 3
    for task in tasks:
        right, wrong = LIVE.get(task.task_id, SENIORS)
        for check in task.checks.values():
            assert judge.judge(check, right).passed, (task.task_id, judge.judge(check, right))
            assert judge.judge(check, wrong).kind is VerdictKind.wrong_answer
