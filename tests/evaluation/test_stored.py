"""Run folders that are read again: what is accepted, and the sentence for each that is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.evaluation.stored import find_runs, read_run
from fakes import a_stored_run


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_finished_run_comes_back_with_its_rows_and_names(tmp_path: Path) -> None:
    run = read_run(a_stored_run(tmp_path / "mine", ["accepted", "wrong_answer"], judge="both"))
    assert (run.name, run.benchmark, run.model, run.rule_sets) == ("mine", "fake@v1", "gold", ("official", "hardened"))
    assert [(row["task_id"], row["hardened"]["verdict"]) for row in run.rows] == [
        ("T/0", "accepted"),
        ("T/1", "wrong_answer"),
    ]
    assert run.summary["hardened"]["pass@1"] == 0.5


def test_a_folder_of_runs_stands_for_the_runs_in_it(tmp_path: Path) -> None:
    for name in ("b", "a"):
        a_stored_run(tmp_path / name, ["accepted"])
    (tmp_path / "notes").mkdir()
    assert find_runs(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert find_runs(tmp_path / "b") == [tmp_path / "b"]


def test_what_is_no_run_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for read in (read_run, find_runs):
        with pytest.raises(AssayError, match="nowhere does not exist"):
            read(tmp_path / "nowhere")
        with pytest.raises(AssayError, match="file is a file, not a run folder"):
            read(tmp_path / "file")
        with pytest.raises(AssayError, match=r"empty is not a run folder: it has no run\.json"):
            read(tmp_path / "empty")


def test_a_run_that_is_not_finished_says_how_far_it_is_and_how_to_continue(tmp_path: Path) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"] * 3)
    (folder / "summary.json").unlink()
    with (folder / "verdicts.jsonl").open("a") as file:
        file.write('{"schema": 1, "task_')  # as an interruption leaves it
    with pytest.raises(AssayError, match=rf"not finished: 3 samples are judged .* with --out {folder} to continue"):
        read_run(folder)


def test_a_newer_schema_is_told_from_a_strange_file(tmp_path: Path) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"])
    change(folder / "run.json", schema=99)
    with pytest.raises(AssayError, match=r"schema 99, which is newer than this Assay reads"):
        read_run(folder)
    change(folder / "run.json", schema="other")
    with pytest.raises(AssayError, match="was not written by `assay eval`"):
        read_run(folder)


@pytest.mark.parametrize("file", ["run.json", "summary.json"])
@pytest.mark.parametrize(("content", "sentence"), [("{", "is not JSON"), ("[]", "does not hold a JSON object")])
def test_damaged_files_are_named(tmp_path: Path, file: str, content: str, sentence: str) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"])
    (folder / file).write_text(content)
    with pytest.raises(AssayError, match=f"{file} {sentence}"):
        read_run(folder)


def test_a_damaged_row_is_named_by_line(tmp_path: Path) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"] * 2)
    rows = (folder / "verdicts.jsonl").read_text().replace('"sample": 0', '"sample": "x"', 1)
    (folder / "verdicts.jsonl").write_text(rows)
    with pytest.raises(AssayError, match=r"verdicts\.jsonl line 1 lacks fields"):
        read_run(folder)


def test_a_record_without_its_benchmark_is_named(tmp_path: Path) -> None:
    folder = a_stored_run(tmp_path / "run", ["accepted"])
    change(folder / "run.json", benchmark=None)
    with pytest.raises(AssayError, match=r'run\.json has no "benchmark"'):
        read_run(folder)
