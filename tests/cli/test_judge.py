"""`assay judge`: the stored answers of a run get verdicts by other rules, and no model is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.errors import AssayError
from assay.evaluation.answers import read_answers
from commandline import Assay, read_rows, write_samples

TEXTS = [f"    return {n} # official: accepted # hardened: {'accepted' if n % 2 else 'tampered'}\n" for n in range(5)]


@pytest.fixture
def run(data: Path, assay: Assay) -> Path:
    """A finished run of recorded samples, judged by the official rules alone; the samples file is gone."""
    samples = write_samples(Path("samples.jsonl"), *TEXTS)
    assert assay("eval", "humaneval", "--model", f"recorded:{samples}", "--judge", "official", "--out", "run")[0] == 0
    samples.unlink()
    return Path("run")


def test_other_rules_give_other_verdicts_in_a_folder_of_their_own(run: Path, assay: Assay) -> None:
    before = {path.name: path.read_bytes() for path in run.iterdir()}
    status, out, _ = assay("judge", run, "--judge", "both", "--out", "again")
    assert status == 0
    assert "accepted by official, not by hardened" in out
    rows = {row["task_id"]: row for row in read_rows(Path("again"))}
    assert {task: row["hardened"]["verdict"] for task, row in rows.items()} == {
        f"HumanEval/{n}": "accepted" if n % 2 else "tampered" for n in range(5)
    }
    assert {path.name: path.read_bytes() for path in run.iterdir()} == before
    assert (Path("again") / "completions.jsonl").read_bytes() == before["completions.jsonl"]
    record = json.loads((Path("again") / "run.json").read_text())
    assert (record["judged_from"], record["model"]) == ("run", "recorded:samples.jsonl")


def test_without_other_rules_the_verdicts_are_the_same(run: Path, assay: Assay) -> None:
    assert assay("judge", run, "--out", "again")[0] == 0
    assert sorted(map(str, read_rows(Path("again")))) == sorted(map(str, read_rows(run)))


def test_its_own_folder_is_made_beside_the_run_and_can_be_judged_again(run: Path, assay: Assay) -> None:
    assert assay("judge", run)[0] == 0
    (made,) = Path().glob("run-judged-*")
    assert assay("judge", made, "--judge", "hardened", "--out", "third")[0] == 0
    assert len(read_rows(Path("third"))) == 5


def test_it_continues_where_it_stopped(run: Path, assay: Assay) -> None:
    assay("judge", run, "--judge", "both", "--out", "again")
    rows = (Path("again") / "verdicts.jsonl").read_text().splitlines(keepends=True)
    (Path("again") / "verdicts.jsonl").write_text("".join(rows[:2]) + rows[2][:10])
    assert assay("judge", run, "--judge", "both", "--out", "again")[0] == 0
    assert len(read_rows(Path("again"))) == 5


def test_a_run_that_is_not_finished_is_judged_as_far_as_it_is_written(run: Path, assay: Assay) -> None:
    lines = (run / "completions.jsonl").read_text().splitlines(keepends=True)
    (run / "completions.jsonl").write_text("".join(lines[:3]) + lines[3][:9])
    (run / "summary.json").unlink()
    assert assay("judge", run, "--out", "again")[0] == 0
    assert len(read_rows(Path("again"))) == 3


@pytest.mark.parametrize("finished", [True, False])
def test_tasks_without_an_answer_are_still_counted(data: Path, assay: Assay, finished: bool) -> None:
    samples = write_samples(Path("samples.jsonl"), TEXTS[0])
    argv = ["eval", "humaneval", "--model", f"recorded:{samples}", "--partial", "--limit", "2", "--out", "part"]
    assert assay(*argv)[0] == 0
    before = json.loads(Path("part/summary.json").read_text())
    if not finished:
        Path("part/summary.json").unlink()
    assert assay("judge", "part", "--out", "again")[0] == 0
    again = json.loads(Path("again/summary.json").read_text())
    assert before["unanswered"] == again["unanswered"] == 1


def test_a_row_that_stands_there_twice_is_refused(run: Path, assay: Assay) -> None:
    path = run / "completions.jsonl"
    path.write_text(path.read_text() + path.read_text().splitlines(keepends=True)[1])
    status, _, err = assay("judge", run, "--out", "again")
    assert status == 2
    assert "run/completions.jsonl line 6 repeats HumanEval/1 sample 0" in err
    assert "remove one of the two lines" in err
    assert not Path("again").exists()
    with pytest.raises(AssayError, match="line 6 repeats HumanEval/1 sample 0"):
        read_answers(run)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["run", "--out", "run"], "The run folder run was made with other arguments"),
        (["run", "--rules", "0.2"], "rules"),
        (["empty"], "No answers are stored in empty"),
        (["damaged"], "damaged/completions.jsonl line 1 is not JSON"),
    ],
)
def test_bad_input_is_one_sentence(run: Path, assay: Assay, argv: list[str], sentence: str) -> None:
    for name, content in (("empty", ""), ("damaged", "{\n")):
        Path(name).mkdir()
        (Path(name) / "run.json").write_bytes((run / "run.json").read_bytes())
        (Path(name) / "completions.jsonl").write_text(content)
    status, out, err = assay("judge", *argv)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
