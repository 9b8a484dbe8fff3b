"""Runs in other harnesses' formats: what they hold, that they come back, and what cannot be exported."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assay.errors import AssayError
from assay.evaluation.reading import Reading, read_with_texts
from assay.evaluation.samples import recorded_samples
from assay.report.export import FORMATS, export, write_file
from assay.tasks.catalog import load


def programs(reading: Reading) -> list[tuple[str, int, str | None]]:
    return [(one.task_id, one.number, one.program) for one in reading.samples]


@pytest.mark.parametrize("form", ["evalplus", "evalplus-results", "bigcode"])
def test_an_exported_run_is_read_again_as_the_same_programs(reading: Reading, tmp_path: Path, form: str) -> None:
    write_file(tmp_path / "exported", export(reading, form))
    benchmark = load("humaneval")
    samples, _ = recorded_samples(tmp_path / "exported", benchmark, benchmark.tasks, partial=True)
    assert [(one.task.task_id, one.number, one.program("auto").program) for one in samples] == programs(reading)
    assert all(one.is_solution for one in samples)


def test_evalplus_samples_are_whole_programs_one_a_row(reading: Reading) -> None:
    rows = [json.loads(line) for line in export(reading, "evalplus").splitlines()]
    assert [(row["task_id"], row["sample"], row["solution"]) for row in rows] == programs(reading)
    assert rows[0]["solution"].startswith("def f0():")


def test_evalplus_results_have_its_keys_and_statuses(reading: Reading) -> None:
    body = json.loads(export(reading, "evalplus-results"))
    assert list(body) == ["date", "hash", "eval"]
    assert len(body["date"]) == len("2026-11-21 11:38")
    assert body["hash"] == f"sha256:{reading.data_sha256}"
    found = {task_id: [one["base_status"] for one in samples] for task_id, samples in body["eval"].items()}
    assert found == {
        "HumanEval/0": ["pass", "fail"],
        "HumanEval/1": ["pass", "timeout"],
        "HumanEval/2": ["pass", "fail"],
    }
    assert list(body["eval"]["HumanEval/0"][0]) == [
        "task_id",
        "solution",
        "base_status",
        "plus_status",
        "base_fail_tests",
        "plus_fail_tests",
    ]
    assert body["eval"]["HumanEval/0"][0]["plus_status"] is None


def test_evalplus_results_follow_the_rule_set_that_is_asked_for(reading: Reading) -> None:
    body = json.loads(export(reading, "evalplus-results", "hardened"))
    assert body["eval"]["HumanEval/1"][0]["base_status"] == "fail"


def test_bigcode_generations_have_a_list_for_every_task_of_the_benchmark(reading: Reading) -> None:
    lists = json.loads(export(reading, "bigcode"))
    assert [len(programs) for programs in lists] == [2, 2, 2, 0]


def test_junit_has_a_case_for_each_sample_and_a_suite_for_each_rule_set(reading: Reading) -> None:
    root = ElementTree.fromstring(export(reading, "junit"))
    counts = {
        suite.get("name"): tuple(int(suite.get(key, "")) for key in ("tests", "failures", "errors")) for suite in root
    }
    assert counts == {"humaneval (official)": (6, 2, 1), "humaneval (hardened)": (6, 3, 1)}
    case = root.find("./testsuite[@name='humaneval (hardened)']/testcase[@name='HumanEval/1 sample 0']")
    assert case is not None
    (failure,) = case
    assert (failure.tag, failure.get("type"), failure.get("message")) == ("failure", "tampered", "assert f() == 1")
    error = root.find("./testsuite/testcase[@name='HumanEval/2 sample 1']/error")
    assert error is not None
    assert error.get("type") == "harness_error"
    rate = root.find("./testsuite/properties/property[@name='pass@1']")
    assert rate is not None


def test_junit_of_one_rule_set_is_one_suite(reading: Reading) -> None:
    (suite,) = ElementTree.fromstring(export(reading, "junit", "official"))
    assert suite.get("name") == "humaneval (official)"


def test_what_a_program_said_cannot_break_the_xml(folder: Path) -> None:
    rows = folder / "verdicts.jsonl"
    said = "]]> <b>&\\u0000\\u001b[2J\\ud800 \\ufffe"
    rows.write_text(rows.read_text().replace('"assert f() == 1"', f'"{said}", "output": "{said}"'))
    root = ElementTree.fromstring(export(read_with_texts(folder), "junit"))
    failure = root.find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == failure.text == "]]> <b>&\ufffd\ufffd[2J\ufffd \ufffd"


def test_junit_needs_no_benchmark_data_and_the_others_say_that_they_do(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    reading = read_with_texts(folder)
    assert export(reading, "junit").startswith("<?xml")
    for form in FORMATS.keys() - {"junit"}:
        with pytest.raises(AssayError, match=rf"cannot be exported as {form}\. .* its benchmark is not at hand"):
            export(reading, form)


def test_verdicts_that_the_run_does_not_have_are_refused(folder: Path, tmp_path: Path) -> None:
    reading = read_with_texts(folder)
    object.__setattr__(reading.run, "rule_sets", ("hardened",))
    with pytest.raises(AssayError, match="has no official verdicts, only hardened"):
        export(reading, "junit", "official")


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_that_is_not_finished_is_refused(folder: Path, form: str) -> None:
    (folder / "summary.json").unlink()
    with pytest.raises(AssayError, match=rf"cannot be exported as {form}\. The run in .* is not finished"):
        export(read_with_texts(folder), form)


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match=r"nowhere/x cannot be written: No such file or directory\. Name another file"):
        write_file(tmp_path / "nowhere" / "x", "text")
