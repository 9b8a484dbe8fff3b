"""`assay confidence` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import Assay


@pytest.fixture
def run(data: Path, assay: Assay) -> str:
    rows = [
        {
            "task_id": f"HumanEval/{n}",
            "completion": f"    return {k} # verdict: {verdict}\n",
            "mean_logprob": -0.1 * n - k,
        }
        for n, verdict in enumerate(["accepted", "accepted", "wrong_answer", "accepted", "wrong_answer"])
        for k in range(2)
    ]
    Path("samples.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert assay("eval", "humaneval", "--model", "recorded:samples.jsonl", "--out", "run")[0] == 0
    return "run"


def test_both_confidences_are_shown(run: str, assay: Assay) -> None:
    status, out, err = assay("confidence", run)
    assert (status, err) == (0, "")
    assert "humaneval, recorded:samples.jsonl, hardened verdicts" in out
    assert "Confidence: mean log-probability of an answer (10 answers)" in out
    assert "Confidence: agreement among the samples of a task (5 answers)" in out
    assert "surely wrong: 1 of the 3 surest answers, 33.3 %" in out


def test_json_is_all_of_stdout(run: str, assay: Assay) -> None:
    _, out, _ = assay("confidence", run, "--json")
    body = json.loads(out)
    assert [curve["kind"] for curve in body["curves"]] == ["mean_logprob", "agreement"]
    assert body["curves"][0]["points"][0] == {"confidence": 0.0, "share": 0.1, "accuracy": 1.0}


def test_a_run_that_says_nothing_of_confidence_is_told_what_would(data: Path, assay: Assay) -> None:
    assay("eval", "humaneval", "--model", "gold", "--out", "gold")
    status, _, err = assay("confidence", "gold")
    assert status == 2
    assert "no answer has a mean_logprob, and no task has several samples. Ask for several with --samples" in err


def test_bad_input_is_one_sentence_and_status_2(run: str, assay: Assay) -> None:
    for argv, sentence in (
        (["nowhere"], "nowhere does not exist"),
        ([run, "--judge", "official"], "no official verdicts"),
        ([run, "--data", "nowhere"], "its benchmark is not at hand"),
    ):
        status, out, err = assay("confidence", *argv)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert sentence in err
