"""Samples files of other harnesses are known by their content."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.models.recorded import load_recorded

TASKS = [["T/0", "T/1", "T/2"], ["T/1", "T/2"]]


def write(folder: Path, value: Any, indent: int | None = None, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value, indent=indent))
    return path


def found(path: Path) -> list[tuple[str, int, str, bool]]:
    return [(one.task_id, one.sample, one.text, one.is_solution) for one in load_recorded(path, orders=TASKS).samples]


@pytest.mark.parametrize("indent", [None, 2])
def test_evalplus_results_are_read_as_the_programs_they_judged(tmp_path: Path, indent: int | None) -> None:
    def result(task_id: str, solution: str) -> dict[str, Any]:
        return {"task_id": task_id, "solution": solution, "base_status": "pass", "plus_status": "fail"}

    body = {"T/0": [result("T/0", "a"), result("T/0", "b")], "T/1": [result("T/1", "c")]}
    path = write(tmp_path, {"date": "2024-09-24 21:11", "hash": "84f4", "eval": body}, indent)
    assert found(path) == [("T/0", 0, "a", True), ("T/0", 1, "b", True), ("T/1", 0, "c", True)]


@pytest.mark.parametrize("indent", [None, 1])
def test_bigcode_generations_are_read_as_programs_in_the_order_of_tasks(tmp_path: Path, indent: int | None) -> None:
    path = write(tmp_path, [["a", "b"], ["c", "c"], ["d", "e"]], indent)
    assert [one[:3] for one in found(path)] == [
        ("T/0", 0, "a"),
        ("T/0", 1, "b"),
        ("T/1", 0, "c"),
        ("T/1", 1, "c"),
        ("T/2", 0, "d"),
        ("T/2", 1, "e"),
    ]
    assert all(is_solution for *_, is_solution in found(path))


def test_bigcode_generations_of_the_chosen_tasks_alone_are_read_too(tmp_path: Path) -> None:
    assert [one[:3] for one in found(write(tmp_path, [["a"], ["b"]]))] == [("T/1", 0, "a"), ("T/2", 0, "b")]


def test_generations_of_another_number_of_tasks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"for 4 tasks and names none, .* each of the 3 or 2 tasks\. Choose"):
        found(write(tmp_path, [["a"]] * 4))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (["a", "b", "c"], "its entry 0 is no list of programs"),
        ([["a"], ["b", None], ["c"]], "its entry 1 is no list of programs"),
        ([["a"], "b", ["c"]], "its entry 1 is no list of programs"),
        ({"eval": {"T/0": {"nfiles": 1, "base": []}}}, "EvalPlus before 0.2 stored results without programs"),
        ({"eval": {"T/0": [{"base_status": "pass"}]}}, "sample 0 of 'T/0' has no \"solution\""),
        ({"eval": {}}, "has no samples"),
        ([], "holds programs for 0 tasks"),
    ],
)
def test_broken_layouts_are_said(tmp_path: Path, value: Any, sentence: str) -> None:
    with pytest.raises(AssayError, match=sentence):
        found(write(tmp_path, value))


def test_a_file_that_mixes_layouts_is_refused_with_the_line(tmp_path: Path) -> None:
    row, texts = {"task_id": "T/0", "completion": "a"}, {"T/1": ["b"]}
    path = tmp_path / "mixed.jsonl"
    path.write_text(f"{json.dumps(row)}\n{json.dumps(texts)}\n")
    with pytest.raises(AssayError, match=r"mixed\.jsonl, line 2: the file mixes layouts: this is an object of lists"):
        found(path)
    path.write_text(f"{json.dumps([['a'], ['b']])}\n{json.dumps(row)}\n")
    with pytest.raises(
        AssayError, match=r"line 2: the file mixes layouts: this is a row for each sample, .* list of lists"
    ):
        found(path)


def test_a_packed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "generations.json"
    path.write_bytes(gzip.compress(json.dumps([["a"], ["b"], ["c"]], indent=1).encode()))
    assert [one[2] for one in found(path)] == ["a", "b", "c"]


def test_a_file_that_was_cut_short_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, [["a"], ["b"], ["c"]], indent=1)
    path.write_text(path.read_text()[:-6])
    with pytest.raises(AssayError, match="line 1: this is not JSON"):
        found(path)
