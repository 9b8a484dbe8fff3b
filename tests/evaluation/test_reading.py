"""A run folder read back: verdicts, prompts, texts and programs, and a plain sentence for whatever is not there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from assay.evaluation.plan import make_plan
from assay.evaluation.reading import read_with_texts
from assay.judge.verdict import Verdict, VerdictKind
from assay.tasks.catalog import load
from test_plan import samples_file
from test_run import go

PROMPT = 'def f{n}():\n    """Return {n}."""\n'


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """$ASSAY_DATA with a HumanEval of eleven tasks, so that "HumanEval/10" comes after "HumanEval/9"."""
    file = tmp_path / "data" / "humaneval" / "HumanEval.jsonl"
    file.parent.mkdir(parents=True)
    rows = (
        {
            "task_id": f"HumanEval/{n}",
            "prompt": PROMPT.format(n=n),
            "entry_point": f"f{n}",
            "canonical_solution": f"    return {n}\n",
            "test": f"def check(candidate):\n    assert candidate() == {n}\n",
        }
        for n in range(11)
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def a_run(tmp_path: Path, *texts: str, **options: Any) -> Path:
    """A finished run over one completion per task."""
    rows = [{"task_id": f"HumanEval/{n}", "completion": text} for n, text in enumerate(texts)]
    path = samples_file(tmp_path, *rows)
    go(make_plan(load("humaneval"), f"recorded:{path}", partial=True, **options), tmp_path / "run")
    return tmp_path / "run"


def test_every_sample_comes_with_verdict_text_and_program_in_the_order_of_tasks(data: Path, tmp_path: Path) -> None:
    texts = [f"    return {n} # hardened: {'accepted' if n else 'wrong_answer'}\n" for n in range(11)]
    run = read_with_texts(a_run(tmp_path, *texts))
    assert [sample.task_id for sample in run.samples] == [f"HumanEval/{n}" for n in range(11)]
    assert [sample.text for sample in run.samples] == texts
    assert run.samples[3].program == PROMPT.format(n=3) + texts[3]
    assert run.tasks["HumanEval/3"].prompt == PROMPT.format(n=3)
    verdict = run.samples[0].verdicts["hardened"]
    assert verdict == Verdict(VerdictKind.wrong_answer, "assert f() == 1", 0.25, 0.5, 1000)
    assert run.finished and run.run.summary["hardened"]["passed"] == 10
    assert run.missing == ()


def test_verdicts_of_input_sets_and_what_was_printed_come_back(tmp_path: Path) -> None:
    from assay.evaluation.rows import verdict_from_json

    parts = ("base", VerdictKind.accepted), ("plus", VerdictKind.wrong_answer)
    verdict = Verdict(VerdictKind.wrong_answer, "accepted", 1.0, 2.0, 3, ("retried",), parts, "flaky")
    assert verdict_from_json(json.loads(json.dumps(verdict.as_json()))) == verdict


def test_the_references_stand_for_the_texts_of_gold(data: Path, tmp_path: Path) -> None:
    go(make_plan(load("humaneval"), "gold", judge="both"), tmp_path / "run")
    run = read_with_texts(tmp_path / "run")
    assert run.run.rule_sets == ("official", "hardened")
    assert run.samples[10].text == run.tasks["HumanEval/10"].reference


def test_texts_come_from_the_run_folder_whatever_became_of_the_samples_file(data: Path, tmp_path: Path) -> None:
    folder = a_run(tmp_path, "    return 0\n")
    (tmp_path / "samples.jsonl").unlink()
    with (folder / "completions.jsonl").open("w") as file:
        row = {
            "schema": 1,
            "task_id": "HumanEval/0",
            "sample": 0,
            "completion": "    return 0\n",
            "finish_reason": "stop",
        }
        file.write(json.dumps(row) + "\n")
    run = read_with_texts(folder)
    assert run.samples[0].text == "    return 0\n"
    assert run.samples[0].answer == {"finish_reason": "stop"}
    assert run.missing == ()


def test_a_samples_file_that_changed_is_not_shown_as_what_was_judged(data: Path, tmp_path: Path) -> None:
    folder = a_run(tmp_path, "    return 0\n")
    (folder / "completions.jsonl").unlink()  # as in runs of older versions
    samples_file(tmp_path, {"task_id": "HumanEval/0", "completion": "    return 1\n"})
    run = read_with_texts(folder)
    assert run.samples[0].text is None and run.samples[0].program is None
    assert run.tasks["HumanEval/0"].prompt == PROMPT.format(n=0)
    assert "was changed since it was judged" in run.missing[0]


def test_a_benchmark_that_is_not_at_hand_costs_prompts_and_judged_programs_only(data: Path, tmp_path: Path) -> None:
    folder = a_run(tmp_path, "    return 0\n")
    (data / "humaneval" / "HumanEval.jsonl").rename(data / "elsewhere")
    run = read_with_texts(folder)
    assert run.samples[0].verdicts["hardened"].passed
    assert run.samples[0].text == "    return 0\n" and run.samples[0].program is None
    assert run.missing[0].startswith("Prompts and judged programs of")
    assert "its benchmark is not at hand" in run.missing[0] and "assay data fetch humaneval" in run.missing[0]


def test_other_data_than_was_judged_is_not_taken(data: Path, tmp_path: Path) -> None:
    folder = a_run(tmp_path, "    return 0\n")
    file = data / "humaneval" / "HumanEval.jsonl"
    file.write_text(file.read_text().replace("Return", "Give"))
    run = read_with_texts(folder)
    assert not run.tasks
    assert "is not what was judged" in run.missing[0]


def test_a_run_that_is_not_finished_can_be_read(data: Path, tmp_path: Path) -> None:
    folder = a_run(tmp_path, "    return 0\n", "    return 1\n")
    (folder / "summary.json").unlink()
    verdicts = folder / "verdicts.jsonl"
    os.truncate(verdicts, verdicts.stat().st_size - 5)
    run = read_with_texts(folder)
    assert not run.finished and len(run.samples) == 1
    assert "is not finished (samples judged so far: 1)" in run.missing[0]
