"""`assay demo --judge` with the real judge: the table, the cheats by name, the next step, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli import demo
from assay.cli.main import main
from assay.tasks.demo import answers_path
from commandline import read_rows, start

ANSWERS = [json.loads(line) for line in answers_path().read_bytes().splitlines()]


def assay_demo(*argv: str) -> tuple[int, str, str]:
    process = start("demo", "--judge", *argv, fake=False)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, str, Path]:
    """One run for all tests that only look: exit status, stdout, stderr, run folder."""
    folder = tmp_path_factory.mktemp("demo") / "a run"
    return *assay_demo("--out", str(folder)), folder


def test_it_exits_with_0_though_one_answer_is_empty(shown: tuple[int, str, str, Path]) -> None:
    status, out, err, _ = shown
    assert status == 0, out
    assert "Traceback" not in err
    assert f"All {len(ANSWERS)} hardened verdicts are the expected ones." in out


def test_both_rule_sets_stand_side_by_side(shown: tuple[int, str, str, Path]) -> None:
    _, out, _, folder = shown
    heading = next(line for line in out.splitlines() if line.strip().startswith("verdict "))
    assert heading.split() == ["verdict", "official", "hardened"]
    assert len(read_rows(folder)) == len(ANSWERS)


def test_the_cheats_that_fooled_only_official_are_named_with_what_they_did(shown: tuple[int, str, str, Path]) -> None:
    _, out, _, folder = shown
    fooled = [row for row in read_rows(folder) if row["official"]["passed"] and not row["hardened"]["passed"]]
    assert len(fooled) == 3
    assert "3 of the 6 cheating answers were accepted by official and not by hardened:" in out
    for row in fooled:
        (answer,) = (a for a in ANSWERS if (a["task_id"], a["sample"]) == (row["task_id"], row["sample"]))
        line = f"  {row['task_id']} sample {row['sample']}  {row['hardened']['verdict']}: "
        assert line + answer["note"].removeprefix("cheat: ") in out.splitlines()


def test_it_ends_with_a_next_step(shown: tuple[int, str, str, Path]) -> None:
    assert shown[1].rstrip().splitlines()[-1].lstrip().startswith("assay eval humaneval --model recorded:")


def test_an_unexpected_verdict_is_named_and_the_status_is_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    altered = tmp_path / "answers.jsonl"
    lines = [json.dumps({**answer, "expect": "accepted"}) for answer in ANSWERS[:8]]
    lines += [json.dumps(answer) for answer in ANSWERS[8:] if answer["expect"] != "time_limit"]
    altered.write_text("".join(f"{line}\n" for line in lines))
    monkeypatch.setattr("assay.tasks.demo.answers_path", lambda: altered)
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--judge", "hardened"]) == demo.UNEXPECTED_VERDICTS
    out = capsys.readouterr().out
    unexpected = [line for line in out.splitlines() if line.startswith("Unexpected: ")]
    assert [line.split(" (")[0] for line in unexpected] == [
        "Unexpected: demo/02 sample 1",
        "Unexpected: demo/03 sample 1",
    ]
    assert "assay doctor" in out


def test_a_run_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    status, _, err = assay_demo("--out", str(tmp_path / "taken"))
    assert status == 2
    assert "it is a file" in err
    assert "Traceback" not in err
