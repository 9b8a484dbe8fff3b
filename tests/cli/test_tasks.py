"""`assay tasks`: what there is, and one task of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import Assay


def test_list_names_every_benchmark_with_its_kind_and_whether_it_is_here(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(data / "none"))
    status, out, _ = assay("tasks", "list")
    assert status == 0
    cells = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert cells["humaneval"][1:] == ["complete", "python", "164", "MIT", "openai/human-eval", "here"]
    assert cells["mbpp@sanitized"][-1] == "missing"
    assert cells["demo"][-2:] == ["built", "in"]
    assert "assay data fetch NAME" in out


def test_list_as_json_says_where_the_data_comes_from_and_where_it_lies(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(data / "none"))
    status, out, _ = assay("tasks", "list", "--json")
    assert status == 0
    rows = {row["benchmark"]: row for row in json.loads(out)}
    assert rows["humaneval"]["path"] == str(data / "humaneval" / "HumanEval.jsonl")
    assert rows["humaneval"]["url"].startswith("https://")
    assert rows["humaneval"]["languages"] == ["python"]
    assert (rows["mbpp"]["here"], rows["mbpp"]["path"]) == (False, None)
    assert (rows["demo"]["here"], rows["demo"]["url"]) == (True, None)


def test_show_prints_the_prompt_the_tests_and_the_reference(data: Path, assay: Assay) -> None:
    status, out, _ = assay("tasks", "show", "humaneval", "3")
    assert status == 0
    assert out.startswith("HumanEval/3 of humaneval (complete, python)\nThe tests call f3.\n")
    prompt, official, hardened, reference = out.split("\n== ")[1:]
    assert prompt == 'prompt\ndef f3():\n    """Return 3."""\n'
    assert "assert candidate() == 3" in official and "assert candidate() == 3" in hardened
    assert reference == 'reference\ndef f3():\n    """Return 3."""\n    return 3\n'


def test_show_as_json_holds_everything(data: Path, assay: Assay) -> None:
    status, out, _ = assay("tasks", "show", "humaneval", "HumanEval/3", "--json")
    assert status == 0
    task = json.loads(out)
    assert (task["benchmark"], task["kind"], task["language"]) == ("humaneval", "complete", "python")
    assert (task["task_id"], task["entry_point"]) == ("HumanEval/3", "f3")
    assert task["checks"]["hardened"]["record"] == "StubCheck"
    assert task["checks"]["hardened"]["stubs"] == ["f3"]


def test_show_of_evalplus_keeps_values_that_json_does_not_know(assay: Assay, tmp_path: Path) -> None:
    folder = tmp_path / "mbpp_plus"
    folder.mkdir()
    row = {"task_id": "Mbpp/124", "prompt": "", "entry_point": "f", "canonical_solution": "def f(a, b): return 1"}
    row |= {"base_input": [["1.5", "2j"]], "plus_input": [], "atol": 0}  # type: ignore[dict-item]
    (folder / "MbppPlus-v0.2.0.jsonl").write_text(json.dumps(row) + "\n")
    status, out, _ = assay("tasks", "show", "mbpp+", "124", "--json", "--data", tmp_path)
    assert status == 0
    assert json.loads(out)["checks"]["hardened"]["inputs"] == {"base": [[1.5, "2j"]], "plus": []}
    status, out, _ = assay("tasks", "show", "mbpp+", "124", "--data", tmp_path)
    assert "inputs base (1): [[1.5, 2j]]" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("humaneval", "9"), "humaneval has no task '9'. It has 5, from HumanEval/0 to HumanEval/4."),
        (("humanevil", "9"), "Did you mean 'humaneval'?"),
        (("mbpp", "1", "--data", "."), "assay data fetch mbpp"),
    ],
)
def test_show_of_what_is_not_there_is_one_sentence(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(data / "none"))
    status, out, err = assay("tasks", "show", *words)
    assert (status, out) == (2, "")
    assert message in err
