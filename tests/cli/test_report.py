"""`assay report` as a user runs it: what it prints, what it writes, and what it says about what is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from commandline import Assay, write_samples


@pytest.fixture
def run(data: Path, assay: Assay) -> Path:
    """A finished run over five tasks, three right."""
    texts = [f"    return {n} # verdict: {'accepted' if n < 3 else 'wrong_answer'}\n" for n in range(5)]
    samples = write_samples(Path("samples.jsonl").absolute(), *texts)
    assert assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", "runs/one")[0] == 0
    return Path("runs/one")


def test_the_scores_are_printed_as_a_table(run: Path, assay: Assay) -> None:
    status, out, err = assay("report", run)
    assert (status, err) == (0, "")
    assert "HumanEval" in out and "recorded:samples.jsonl" in out and "60.0" in out


def test_runs_with_one_name_share_a_row(run: Path, assay: Assay) -> None:
    assert assay("eval", "demo", "--model", "gold", "--out", "runs/two")[0] == 0
    _, out, _ = assay("report", "M=runs/one", "N=runs/two", "--csv")
    assert {(row["model"], row["benchmark"]) for row in csv.DictReader(io.StringIO(out))} == {
        ("M", "humaneval"),
        ("N", "demo"),
    }


def test_a_folder_of_run_folders_stands_for_all_of_them(run: Path, assay: Assay) -> None:
    assert assay("eval", "demo", "--model", "gold", "--out", "runs/two")[0] == 0
    _, out, _ = assay("report", "runs", "--csv")
    assert {row["run_folder"] for row in csv.DictReader(io.StringIO(out))} == {"runs/one", "runs/two"}


def test_a_folder_with_an_equals_sign_needs_no_name(run: Path, assay: Assay) -> None:
    run.rename("runs/t=0.8")
    status, out, _ = assay("report", "runs/t=0.8", "--csv")
    assert status == 0 and "recorded:samples.jsonl" in out


def test_html_is_one_file_that_replaces_the_old_one(run: Path, assay: Assay) -> None:
    Path("report.html").write_text("old")
    status, out, err = assay("report", run, "--html", "report.html")
    assert status == 0 and "60.0" in out
    assert "The report is report.html" in err
    assert Path("report.html").read_text().startswith("<!DOCTYPE html>")
    assert not list(Path().glob(".*.tmp"))


def test_what_is_missing_is_said_and_ends_with_status_3(run: Path, assay: Assay, data: Path) -> None:
    (data / "humaneval" / "HumanEval.jsonl").unlink()
    status, out, err = assay("report", run, "--html", "report.html")
    assert status == 3 and "60.0" in out
    assert "runs/one are not shown, because its benchmark is not at hand" in err
    assert Path("report.html").exists()


def test_a_file_that_cannot_be_written_is_an_error_in_a_sentence(run: Path, assay: Assay) -> None:
    status, _, err = assay("report", run, "--html", "nowhere/report.html")
    assert status == 2
    assert err == (
        "assay: The report nowhere/report.html cannot be written: No such file or directory. Name a file in a folder "
        "that exists with --html.\n"
    )


def test_a_folder_that_is_no_run_is_an_error_in_a_sentence(assay: Assay, data: Path) -> None:
    status, _, err = assay("report", "nowhere")
    assert status == 2 and err.count("\n") == 1
    assert "nowhere does not exist" in err


def test_scores_in_the_report_are_those_of_the_summary(run: Path, assay: Assay) -> None:
    summary = json.loads((run / "summary.json").read_text())
    row = next(csv.DictReader(io.StringIO(assay("report", run, "--csv")[1])))
    assert float(row["rate"]) == summary["hardened"]["pass@1"]
    assert [float(row["low95"]), float(row["high95"])] == summary["hardened"]["ci95"]
