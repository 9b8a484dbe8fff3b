"""HumanEval rows become tasks that are joined and judged as upstream does."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.judge.checks import ScriptCheck, StubCheck
from assay.tasks import catalog
from assay.tasks.catalog import canonical_task_id
from assay.tasks.humaneval import task_from_row

ROW = {
    "task_id": "HumanEval/3",
    "prompt": 'import math\n\n\ndef half(n: int) -> int:\n    """Half of n, rounded down."""\n',
    "entry_point": "half",
    "canonical_solution": "    return math.floor(n / 2)\n",
    "test": "def check(candidate):\n    assert candidate(3) == 1\n    assert half(4) == 2\n",
}


def test_the_official_program_is_upstreams_join() -> None:
    task = task_from_row(ROW)
    check = task.checks["official"]
    assert isinstance(check, ScriptCheck)
    completion = "    return n // 2"
    joined = task.prompt + completion + "\n" + check.tests
    assert joined == ROW["prompt"] + completion + "\n" + ROW["test"] + "\n" + "check(half)"
    assert task.join_prompt
    assert check.limits.cpu_s == 3.0


def test_the_hardened_check_stubs_the_entry_point_over_the_reference() -> None:
    check = task_from_row(ROW).checks["hardened"]
    assert isinstance(check, StubCheck)
    space: dict[str, object] = {}
    exec(check.context, space)
    calls: list[object] = []

    def stub(n: int) -> int:
        calls.append(n)
        return n // 2

    assert check.stubs == ("half",)
    space.update(dict.fromkeys(check.stubs, stub))
    exec(check.tests, space)
    assert calls == [3, 4], "both `candidate` and the entry point's own name must reach the candidate"


def test_the_reference_is_a_whole_program() -> None:
    task = task_from_row(ROW)
    space: dict[str, object] = {}
    exec(task.reference + "\n" + task.checks["official"].tests, space)


@pytest.mark.parametrize("raw", [7, "7", " 7 ", "HumanEval/7", "humaneval/7", "HUMANEVAL/007"])
def test_task_ids_have_one_spelling(raw: str | int) -> None:
    assert canonical_task_id("humaneval", raw) == "HumanEval/7"


@pytest.mark.parametrize("raw", ["", "Mbpp/7", "HumanEval/", "HumanEval/x", "HumanEval/-1", "HumanEval/٣", "7/7"])
def test_task_ids_of_another_form_stay_as_written(raw: str) -> None:
    assert canonical_task_id("humaneval", raw) == raw


@pytest.mark.parametrize("packed", [True, False])
def test_the_file_is_read_packed_or_plain(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "humaneval"
    folder.mkdir()
    content = (json.dumps(ROW) + "\n\n" + json.dumps({**ROW, "task_id": "HumanEval/4"})).encode()
    if packed:
        (folder / "HumanEval.jsonl.gz").write_bytes(gzip.compress(content))
    else:
        (folder / "HumanEval.jsonl").write_bytes(content)
    benchmark = catalog.load("humaneval", tmp_path)
    assert [task.task_id for task in benchmark.tasks] == ["HumanEval/3", "HumanEval/4"]
    assert benchmark.name == "humaneval"


def test_a_task_that_stands_twice_in_the_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "humaneval").mkdir()
    (tmp_path / "humaneval/HumanEval.jsonl").write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW)}\n")
    with pytest.raises(AssayError, match=r"holds task HumanEval/3 twice.*assay data fetch humaneval"):
        catalog.load("humaneval", tmp_path)
