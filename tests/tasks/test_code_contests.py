"""Rows of CodeContests become tasks that any language may answer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.judge.contest import StdioCheck, StdioTest
from assay.tasks import catalog
from assay.tasks.code_contests import CHECKERS, task_from_row
from assay.tasks.code_contests.inputs import describes_a_tree
from assay.tasks.whole_programs import in_language


def row(number: int = 7, name: str = "12_B. Twice", tests: object = None) -> dict[str, Any]:
    tests = tests or [{"input": {"stdin": "2\n"}, "output": {"stdout": "4\n"}}]
    labels = {"difficulty": "B", "name": name, "source": "CODEFORCES"}
    return {"id": number, "content": "Print twice n.\n", "labels": json.dumps(labels), "test": json.dumps(tests)}


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "code_contests" / "code_eval_code_contests.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(each)}\n" for each in rows).encode()))
    return folder


def test_a_row_becomes_a_task(tmp_path: Path) -> None:
    benchmark = catalog.load("code-contests", write(tmp_path, row()))
    (task,) = benchmark.tasks
    assert task.task_id == "CodeContests/7" == catalog.canonical_task_id("code-contests", 7)
    assert task.any_language
    official, hardened = task.checks["official"], task.checks["hardened"]
    assert isinstance(official, StdioCheck)
    assert isinstance(hardened, StdioCheck)
    assert official.tests == hardened.tests == (StdioTest(b"2\n", b"4\n"),)
    assert (official.rule.name, hardened.rule.name, hardened.rule.tolerance) == ("lines", "tokens", 1e-5)
    assert official.limits.cpu_s == 10.0
    assert official.interpreted is not None
    assert official.interpreted.cpu_s == 20.0
    assert hardened.checker is None


@pytest.mark.parametrize("problem", CHECKERS)
def test_problems_with_several_answers_have_a_checker_under_the_hardened_rules_only(problem: str) -> None:
    tests = [{"input": {"stdin": "2 2\n1 2\n"}, "output": {"stdout": "Yes\n1 2\n"}}]
    checks = task_from_row(row(name=f"{problem}. Some Title", tests=tests)).checks
    assert isinstance(checks["official"], StdioCheck)
    assert isinstance(checks["hardened"], StdioCheck)
    assert checks["official"].checker is None
    assert checks["hardened"].checker is not None


def test_inputs_that_the_statement_rules_out_are_told() -> None:
    assert describes_a_tree(b"3 2\n1 2\n2 3\n")
    for broken in (b"3 1\n1 2\n2 3\n", b"3 2\n1 2\n", b"3 2\n1 2\n1 4\n", b"3 2\n1 2\n2 1\n", b"2 3\n1 2\n"):
        assert not describes_a_tree(broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"labels": "no JSON"},
        {"labels": "{}"},
        {"labels": "[]"},
        {"test": "[]"},
        {"test": '[{"input": {}}]'},
        {"test": '[{"input": {"stdin": 1}, "output": {"stdout": ""}}]'},
        {"test": "[" * 100_000},
    ],
)
def test_a_row_of_another_form_is_named(tmp_path: Path, broken: dict[str, str]) -> None:
    folder = write(tmp_path, row(1), row(2) | broken)
    with pytest.raises(AssayError, match=r"code_contests\.jsonl\.gz, row 2: labels or tests are not as upstream"):
        catalog.load("code-contests", folder)


def test_a_model_can_be_asked_for_another_language(tmp_path: Path) -> None:
    benchmark = catalog.load("code-contests", write(tmp_path, row()))
    (task,) = benchmark.tasks
    assert "one whole python program" in task.instruction
    assert task.prompt == '"""\nPrint twice n.\n"""\n'
    (asked,) = in_language(benchmark, "c++").tasks
    assert asked.language == "cpp"
    assert "one whole cpp program" in asked.instruction
    assert asked.instruction.endswith("\n\nPrint twice n.")
    assert asked.prompt == "// Print twice n.\n"
    assert asked.checks is task.checks
    (back,) = in_language(in_language(benchmark, "bash"), "python").tasks
    assert back == task


def test_a_language_that_is_not_known_or_not_open_is_refused(tmp_path: Path) -> None:
    benchmark = catalog.load("code-contests", write(tmp_path, row()))
    with pytest.raises(AssayError, match=r"--language 'klingon' is not known\. Known: python, c, cpp"):
        in_language(benchmark, "klingon")
    with pytest.raises(AssayError, match=r"demo leaves no choice of language\. Leave --language out\."):
        in_language(catalog.load("demo"), "cpp")
