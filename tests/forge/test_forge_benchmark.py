"""The forge as a benchmark: right answers pass, faulty and empty ones do not, in every kind of question."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.cli.main import main
from assay.errors import AssayError
from assay.evaluation import benchmarks
from assay.forge.kinds import MAKERS
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.tasks.extract import extract
from forge_rows import ROWS, write_rows


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as opened:
        yield opened


@pytest.mark.parametrize("kind", MAKERS)
def test_the_reference_passes_and_what_is_faulty_or_empty_does_not(kind: str, judge: Judge, tmp_path: Path) -> None:
    benchmark = benchmarks.load(f"forge:{write_rows(tmp_path)}:{kind}")
    assert [task.task_id for task in benchmark.tasks] == [row.task_id for row in ROWS]
    for task in benchmark.tasks:
        check = task.checks["hardened"]
        assert judge.judge(check, task.finished(task.reference)).passed
        assert not judge.judge(check, task.finished(task.buggy)).passed
        assert not judge.judge(check, extract(task, "").program).passed


def test_a_hole_and_its_ends_make_the_reference(tmp_path: Path) -> None:
    for task in benchmarks.load(f"forge:{write_rows(tmp_path)}:infill").tasks:
        assert task.reference.startswith(task.prompt)
        assert task.reference.endswith(task.suffix)
        assert len(task.prompt) + len(task.suffix) < len(task.reference)


def test_a_bug_is_shown_with_the_call_that_finds_it(tmp_path: Path) -> None:
    task = benchmarks.load(f"forge:{write_rows(tmp_path)}:repair").tasks[1]
    assert "longest_word('one three two') returned 'ONE', should be 'THREE'." in task.prompt
    assert task.prompt.endswith(task.prefix)


def test_predictions_may_be_spelled_as_in_other_languages(judge: Judge, tmp_path: Path) -> None:
    from assay.forge.kinds.predict import as_python

    assert as_python('[true, false, "true", \'it is "false"\']') == '[True, False, "true", \'it is "false"\']'


def test_a_file_is_read_by_depth_and_number(tmp_path: Path) -> None:
    folder = write_rows(tmp_path)
    (task,) = benchmarks.load(f"forge:{folder}@depth=3").tasks
    assert task.task_id == "forge/7/1"
    assert len(benchmarks.load(f"forge:{folder}/test.jsonl@count=1").tasks) == 1
    with pytest.raises(AssayError, match="has no task"):
        benchmarks.load(f"forge:{folder}@depth=6")


def test_damaged_files_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "test.jsonl").write_text('{"schema": 1}\n')
    with pytest.raises(AssayError, match=r"test\.jsonl, line 1: this is no task"):
        benchmarks.load(f"forge:{tmp_path}")
    with pytest.raises(AssayError, match="cannot be read"):
        benchmarks.load(f"forge:{tmp_path}/none.jsonl")


def test_a_run_can_be_judged_again_and_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, run = write_rows(tmp_path / "data"), tmp_path / "run"
    words = ["eval", f"forge:{folder}", "--kind", "tests", "--depth", "2-3", "--model", "gold", "--out", str(run)]
    assert main([*words, "--jobs", "1"]) == 0
    record = json.loads((run / "run.json").read_text())
    assert record["benchmark"] == f"forge:{folder}:python:tests@depth=2-3"
    assert main([*words, "--jobs", "1"]) == 0  # resumed: nothing is left
    assert main(["judge", str(run), "--out", str(tmp_path / "again"), "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["report", str(run)]) == 0
    assert "100" in capsys.readouterr().out
    assert main(["tasks", "show", f"forge:{folder}", "forge/7/1"]) == 0
    assert "longest word" in capsys.readouterr().out


def test_arguments_of_the_forge_are_refused_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "demo", "--model", "gold", "--depth", "2"]) == 2
    assert "--depth is for the forge" in capsys.readouterr().err


def test_verdicts_of_tests_count_the_bugs_they_find(judge: Judge, tmp_path: Path) -> None:
    task = benchmarks.load(f"forge:{write_rows(tmp_path)}:tests").tasks[0]
    verdict = judge.judge(task.checks["hardened"], "assert sum_even([]) == 0\n")
    assert verdict.kind is VerdictKind.wrong_answer
    assert verdict.detail == "1 tests find 1 of 2 bugs"
    assert verdict.parts == (("base", VerdictKind.accepted),)
