"""`assay eval` from its arguments to its exit status, with a judge that needs no sandbox."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assay.errors import AssayError
from assay.evaluation.store import make_folder
from commandline import Assay, read_rows, start, write_samples


def test_gold_ends_with_a_table_and_status_0(data: Path, assay: Assay) -> None:
    status, out, err = assay("eval", "humaneval", "--model", "gold", "--out", "run")
    assert status == 0
    assert re.search(r"hardened +100\.0 % +54\.9 to 100\.0 % +5 of 5 +5 +0", out)
    assert "isolation  none (fake)" in out
    assert "run/verdicts.jsonl" in out
    assert "continues with --out run" in err
    assert {row["hardened"]["verdict"] for row in read_rows(Path("run"))} == {"accepted"}


def test_json_prints_the_summary_and_nothing_else_to_stdout(data: Path, assay: Assay) -> None:
    _, out, _ = assay("eval", "humaneval", "--model", "gold", "--out", "run", "--judge", "both", "--json")
    assert json.loads(out) == json.loads(Path("run/summary.json").read_text())
    assert set(json.loads(out)) >= {"schema", "benchmark", "data_sha256", "model", "tasks", "samples", "harness_errors"}


def test_both_rule_sets_are_compared_and_differences_listed(data: Path, assay: Assay, tmp_path: Path) -> None:
    cheat = "    return 0 # official: accepted # hardened: tampered\n"
    samples = write_samples(tmp_path / "s.jsonl", cheat, *["    return 1\n"] * 4)
    status, out, _ = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run", "--judge", "both")
    assert status == 0
    assert "1 sample accepted by official, not by hardened:\n  HumanEval/0 sample 0  tampered  assert f() == 1" in out
    assert re.search(r"accepted +5 +4", out)


def test_without_out_the_folder_says_what_and_when_and_the_message_how_to_continue(data: Path, assay: Assay) -> None:
    _, _, err = assay("eval", "humaneval", "--model", "gold")
    (run,) = Path("runs").iterdir()
    assert re.fullmatch(r"humaneval-gold-\d{8}-\d{6}", run.name)
    assert f"--out runs/{run.name}" in err
    assay("eval", "humaneval", "--model", "gold")
    assert len(list(Path("runs").iterdir())) == 2


def test_runs_that_begin_in_the_same_second_get_folders_of_their_own(data: Path) -> None:
    runs = [start("eval", "humaneval", "--model", "gold") for _ in range(6)]
    assert [(run.communicate()[1], run.returncode)[1] for run in runs] == [0] * 6
    folders = list(Path("runs").iterdir())
    assert [len(read_rows(folder)) for folder in folders] == [5] * 6


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(make_folder, [tmp_path / "new" / "run"] * 20))
    assert {path.name for path in made} == {"run", *(f"run-{number}" for number in range(2, 21))}
    (tmp_path / "file").touch()
    with pytest.raises(AssayError, match=r"The run folder .*file/run cannot be written: .* Choose another"):
        make_folder(tmp_path / "file" / "run")


def test_a_run_that_is_refused_before_anything_is_stored_leaves_no_folder(
    data: Path, assay: Assay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssayError("There is no sandbox here.")

    monkeypatch.setattr("assay.judge.pool.JudgePool", refuse)
    assert assay("eval", "humaneval", "--model", "gold")[0] == 2
    assert list(Path("runs").iterdir()) == []
    Path("mine").mkdir()
    assert assay("eval", "humaneval", "--model", "gold", "--out", "mine")[0] == 2
    assert list(Path("mine").iterdir()) == []


def test_limit_and_task_choose(data: Path, assay: Assay) -> None:
    assay("eval", "humaneval", "--model", "gold", "--out", "a", "--limit", "2")
    assert sorted(row["task_id"] for row in read_rows(Path("a"))) == ["HumanEval/0", "HumanEval/1"]
    assay("eval", "humaneval", "--model", "gold", "--out", "b", "--task", "HumanEval/4", "HumanEval/1")
    assert sorted(row["task_id"] for row in read_rows(Path("b"))) == ["HumanEval/1", "HumanEval/4"]


def test_odd_rows_get_a_warning_each_a_verdict_each_and_status_3(data: Path, assay: Assay, tmp_path: Path) -> None:
    texts = ["", "    return '\0'\n", "    return 1\n#" + "x" * 10_000_000, "    return 3\n", "    return 4\n"]
    samples = write_samples(tmp_path / "s.jsonl", *texts)
    status, out, err = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run", "--json")
    assert status == 3
    for line, word in [(1, "empty"), (2, "NUL"), (3, "MiB")]:
        assert re.search(rf"^assay: {re.escape(str(samples))}, line {line}: .*{word}.*correct or remove", err, re.M)
    assert "Finished, but see the 3 messages above about rows of the samples file" in err
    assert len(read_rows(Path("run"))) == 5
    assert json.loads(out)["hardened"]["counts"] == {"accepted": 4, "no_code": 1}


def test_harness_errors_end_with_status_3_and_are_judged_again(data: Path, assay: Assay, tmp_path: Path) -> None:
    samples = write_samples(tmp_path / "s.jsonl", *["    return 1\n"] * 4, "    return 1 # verdict: harness_error\n")
    command = ["eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run"]
    status, _, err = assay(*command)
    assert status == 3
    assert f"no verdict on 1 sample, left out of the score. Judge again with: assay {' '.join(command)}" in err
    status, _, err = assay(*command)
    assert status == 3
    assert "1 sample without a verdict because of a harness error: judged again" in err


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["humanevil", "--model", "gold"], "humanevil"),
        (["humaneval", "--model", "golden"], "--model 'golden' is not known. Use gold, buggy, recorded:PATH, openai"),
        (["humaneval", "--model", "recorded:none.jsonl"], "none.jsonl does not exist"),
        (["humaneval", "--model", "recorded:cut.jsonl"], "cut.jsonl, line 2: this is not JSON"),
        (["humaneval", "--model", "recorded:alien.jsonl"], "alien.jsonl, line 1: humaneval has no task 'HumanEval/9'"),
        (["humaneval", "--model", "recorded:few.jsonl"], "few.jsonl has no sample for HumanEval/1 and 3 more"),
        (["humaneval", "--model", "gold", "--task", "HumanEval/x"], "--task: humaneval has no task 'HumanEval/x'"),
        (["humaneval", "--model", "gold", "--rules", "0.2"], "rules"),
        (["humaneval+", "--model", "gold"], "assay data fetch humaneval+"),
        (["humaneval", "--model", "gold", "--data", "nowhere"], "nowhere does not exist"),
        (["humaneval", "--model", "gold", "--out", "few.jsonl"], "few.jsonl cannot be written: it is a file"),
        (["humaneval", "--model", "gold", "--out", "/proc/assay"], "/proc/assay cannot be written"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2_before_anything_is_made(
    data: Path, assay: Assay, argv: list[str], sentence: str
) -> None:
    Path("cut.jsonl").write_text('{"task_id": "HumanEval/0", "completion": ""}\n{"task_id": "HumanEval/1", "comp')
    Path("alien.jsonl").write_text('{"task_id": "HumanEval/9", "completion": ""}\n')
    Path("few.jsonl").write_text('{"task_id": "HumanEval/0", "completion": "    return 1"}\n')
    before = sorted(Path().iterdir())
    status, out, err = assay("eval", *argv)
    assert (status, out) == (2, "")
    assert err.startswith("assay: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert sorted(Path().iterdir()) == before


def test_a_run_made_with_other_arguments_is_refused_and_kept(data: Path, assay: Assay) -> None:
    assay("eval", "humaneval", "--model", "gold", "--out", "run")
    before = {path.name: path.read_bytes() for path in Path("run").iterdir()}
    status, _, err = assay("eval", "humaneval", "--model", "gold", "--out", "run", "--judge", "official")
    assert status == 2
    assert "--judge was hardened and is now official" in err
    assert {path.name: path.read_bytes() for path in Path("run").iterdir()} == before


def test_jobs_json_and_the_path_of_the_data_may_change_between_sessions(data: Path, assay: Assay) -> None:
    assay("eval", "humaneval", "--model", "gold", "--out", "run", "--jobs", "1")
    moved = data.rename(data.with_name("elsewhere"))
    status, _, err = assay(
        "eval", "humaneval", "--model", "gold", "--out", "run", "--jobs", "3", "--data", moved, "--json"
    )
    assert status == 0
    assert "5 of 5 samples are judged already" in err


def test_an_interrupted_run_says_what_it_has_and_how_to_continue(data: Path, assay: Assay, tmp_path: Path) -> None:
    samples = write_samples(tmp_path / "s.jsonl", *["    return 1\n"] * 4, "    return 1 # interrupt\n")
    status, out, err = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--judge", "official")
    (run,) = Path("runs").iterdir()
    assert (status, out) == (130, "")
    assert f"of 5 samples are judged and kept in {run}" in err
    assert f"Continue with: assay eval humaneval --model recorded:{samples} --judge official --out {run}\n" in err


def test_a_bug_in_the_judge_leaves_its_stack_trace_in_the_run_folder(data: Path, assay: Assay, tmp_path: Path) -> None:
    samples = write_samples(tmp_path / "s.jsonl", *["    return 1\n"] * 4, "    return 1 # crash\n")
    status, _, err = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run")
    (file,) = Path("run").glob("crash-*.txt")
    assert status == 1
    assert str(file) in err
    assert "Traceback" not in err
    status, _, err = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run")
    assert status == 1
    assert "Continuing run" in err


def test_the_help_documents_the_exit_statuses(assay: Assay) -> None:
    status, out, _ = assay("eval", "--help")
    assert status == 0
    for number in (0, 1, 2, 3, 4, 130):
        assert re.search(rf"^  {number} +\w", out, re.M)


def test_repeated_judging_finds_flaky_answers_and_counts_them_as_failed(
    data: Path, assay: Assay, tmp_path: Path
) -> None:
    texts = ["    return 0 # seed1: wrong_answer\n", *[f"    return {n}\n" for n in range(1, 5)]]
    samples = write_samples(tmp_path / "s.jsonl", *texts)
    command = ["eval", "humaneval", "--model", f"recorded:{samples}", "--out", "run", "--json"]
    status, out, _ = assay(*command, "--repeat-judging", "2")
    assert status == 0
    assert json.loads(out)["hardened"]["counts"] == {"accepted": 4, "flaky": 1}
    assert json.loads(out)["hardened"]["pass@1"] == 0.8
    status, _, err = assay(*command)
    assert status == 2
    assert "--repeat-judging was 2 and is now not given" in err


@pytest.mark.parametrize(("gate", "expected"), [("0.8", 0), ("0.81", 4), ("0", 0), ("1", 4)])
def test_a_score_below_the_gate_ends_with_status_4(
    data: Path, assay: Assay, tmp_path: Path, gate: str, expected: int
) -> None:
    texts = ["    return 0 # hardened: wrong_answer\n", *["    return 1\n"] * 4]
    samples = write_samples(tmp_path / "s.jsonl", *texts)
    status, _, err = assay(
        "eval", "humaneval", "--model", f"recorded:{samples}", "--judge", "both", "--fail-under", gate
    )
    assert status == expected
    assert ("assay: Below --fail-under" in err) == (expected == 4)


def test_a_score_that_cannot_be_computed_does_not_pass_the_gate(data: Path, assay: Assay, tmp_path: Path) -> None:
    samples = write_samples(tmp_path / "s.jsonl", *["    return 1 # verdict: harness_error\n"] * 5)
    status, _, err = assay("eval", "humaneval", "--model", f"recorded:{samples}", "--fail-under", "0")
    assert status == 4
    assert "Below --fail-under 0: there is no pass@1 under hardened rules." in err


def test_the_verdicts_are_also_written_as_junit(data: Path, assay: Assay) -> None:
    status, out, _ = assay("eval", "humaneval", "--model", "gold", "--junit", "junit.xml", "--json")
    assert status == 0
    assert json.loads(out)["hardened"]["pass@1"] == 1.0
    root = ElementTree.parse("junit.xml").getroot()
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [("humaneval (hardened)", "5")]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--fail-under", "55", "'55' is not a rate between 0 and 1"),
        ("--fail-under", "high", "'high' is not a rate"),
        ("--repeat-judging", "0", "'0' is not a whole number above 0"),
        ("--junit", "no/such/junit.xml", "--junit: the folder no/such does not exist"),
    ],
)
def test_a_bad_gate_is_refused_before_anything_is_judged(
    data: Path, assay: Assay, option: str, value: str, sentence: str
) -> None:
    status, out, err = assay("eval", "humaneval", "--model", "gold", option, value)
    assert (status, out) == (2, "")
    assert sentence in err
    assert not Path("runs").exists()
