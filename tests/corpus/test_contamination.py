"""Benchmark solutions are found as they are, renamed, and inside classes; code that is merely similar is not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus import benchmarks
from assay.corpus.contamination import Index, check
from assay.corpus.draft import Draft, Licence, Repository
from assay.corpus.normal_form import fingerprint
from assay.corpus.rules import Dropped
from assay.corpus.syntax import check as parse
from assay.corpus.syntax import definitions
from material import module, renamed


def _form(source: str) -> str:
    (node,) = (node for node in definitions(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    return fingerprint(node)[0]


ORIGINAL = '''
def total(numbers: list[int], start: int = 0) -> int:
    """Add them up."""
    result = start
    for number in numbers:  # one by one
        result += abs(number)
    return result
'''


@pytest.mark.parametrize(
    "same",
    [
        "def f(a, b=0):\n    c = b\n    for d in a:\n        c += abs(d)\n    return c\n",
        "class X:\n    @cached\n    def f(self, a, b=0):\n        c: int = b\n"
        "        for d in a: c += abs(d)\n        return c\n",
    ],
)
def test_names_comments_annotations_and_classes_do_not_change_the_normal_form(same: str) -> None:
    assert _form(same) == _form(ORIGINAL)


@pytest.mark.parametrize(
    ("old", "new"), [("abs", "sum"), ("= start", "= numbers"), ("+=", "-="), ("= 0)", "= 1)"), ("result\n", "start\n")]
)
def test_what_changes_the_meaning_changes_the_normal_form(old: str, new: str) -> None:
    other = ORIGINAL.replace(old, new)
    assert other != ORIGINAL and _form(other) != _form(ORIGINAL)


def _names(source: str) -> dict[str, str]:
    """Another name for everything that a program names itself."""
    tree = ast.parse(source)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name: f"other_{number}" for number, name in enumerate(sorted(own - {"self"}))}


def _rule(text: str, index: Index) -> str:
    draft = Draft(Repository("x", "x"), "x.py", b"", Licence(), text=text, language="python")
    parse(draft)
    try:
        check(draft, index)
    except Dropped as dropped:
        return dropped.rule
    return ""


def test_every_humaneval_solution_is_found_as_it_is_and_nearly_all_are_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only_built_in_benchmarks: Path | None
) -> None:
    from assay.tasks.catalog import load

    if only_built_in_benchmarks is None or not (only_built_in_benchmarks / "humaneval").is_dir():
        pytest.skip("$ASSAY_DATA with HumanEval is needed to plant every one of its solutions")
    benchmark = load("humaneval", only_built_in_benchmarks)
    tasks = benchmark.tasks
    monkeypatch.setattr(benchmarks, "load_all", lambda data: ([benchmark], []))
    benchmarks.write_index(None, tmp_path)
    index = Index(tmp_path)
    clean = module("clean")
    assert _rule(clean, index) == ""
    copied = [_rule(clean + "\n" + task.reference, index) for task in tasks]
    assert [task.task_id for task, rule in zip(tasks, copied, strict=True) if not rule] == []
    hidden = [_rule(clean + "\n" + renamed(task.reference, _names(task.reference)), index) for task in tasks]
    missed = [task.task_id for task, rule in zip(tasks, hidden, strict=True) if not rule]
    # Their whole bodies are one plain expression, such as `return len(string)`.
    assert missed == [f"HumanEval/{number}" for number in (2, 23, 27, 28, 41, 53)]
