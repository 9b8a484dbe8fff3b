"""`assay compare` from the command line: finished runs in, sentences or JSON out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import Assay, write_samples

RIGHT, WRONG = "    return 1\n", "    return 1 # verdict: wrong_answer\n"


@pytest.fixture
def runs(data: Path, assay: Assay, tmp_path: Path) -> None:
    for name, texts in (("a", [RIGHT] * 2 + [WRONG] * 3), ("b", [RIGHT] * 5)):
        samples = write_samples(tmp_path / f"{name}.jsonl", *texts)
        assert assay("eval", "humaneval", "--model", f"recorded:{samples}", "--out", name)[0] == 0


def test_two_runs_are_compared(runs: None, assay: Assay) -> None:
    status, out, err = assay("compare", "a", "b")
    assert (status, err) == (0, "")
    assert "won by b: HumanEval/2, HumanEval/3, HumanEval/4" in out
    assert "no difference can be shown; about" in out


def test_json_is_all_of_stdout(runs: None, assay: Assay) -> None:
    status, out, _ = assay("compare", "a", "b", "--json")
    (found,) = json.loads(out)["comparisons"]
    assert status == 0
    assert (found["a"]["name"], found["b"]["name"], found["difference"], found["won"]) == ("a", "b", 0.6, 3)
    assert found["conclusion"].startswith("no difference can be shown")


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["a"], "needs at least two run folders"),
        (["a", "nowhere"], "nowhere does not exist"),
        (["a", "a.jsonl"], "a.jsonl is a file, not a run folder"),
        (["a", "."], "holds two runs of humaneval: a and b"),
        (["a", "b", "--judge", "official"], "no official verdicts to compare"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(runs: None, assay: Assay, argv: list[str], sentence: str) -> None:
    Path("a.jsonl").write_text("")
    status, out, err = assay("compare", *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("assay: ")
    assert sentence in err
