"""How training is shown: the page of curves, the model card, the lines of a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.report.model_card import model_card
from assay.report.plot import Line, plot, short, thinned, ticks
from assay.report.training import Lines, sparkline, watch
from assay.report.training_page import training_page, write_page
from assay.report.words import clock

SAMPLE = {"task_id": "forge/1/2", "depth": 2, "text": "    return <b>a</b>", "verdict": "wrong_answer", "passed": False}
CHECK = {"kind": "check", "step": 20, "tokens": 2000, "pass@1": 0.4, "tasks": 50, "by_depth": {"1": [0.6, 25]}}
READ = {
    "kind": "held_out",
    "step": 20,
    "tokens": 2000,
    "bits_per_byte": 1.5,
    "bytes": 9000,
    "files": 12,
    "repositories": 3,
}
RECORD = {
    "stage": "pretrain",
    "settings": {"scale": "nano", "width": 128, "forge": "tasks", "start": ""},
    "model": {"parameters": 1_050_000, "active": 1_050_000},
    "data": {
        "sources": [{"kind": "forge", "name": "forge", "sha256": "ab" * 32, "leaks": 12}],
        "pools": [{"name": "forge/complete", "examples": 10, "tokens": 900, "share": 0.56}],
        "tokenizer": {"vocabulary": 1024},
    },
    "precision": "fp32",
    "machine": {"device": "cpu", "processes": 1, "threads": 2},
    "versions": {"assay": "0.1.0"},
    "steps": 20,
    "tokens": 2000,
    "seconds": 30.0,
    "finished": True,
    "executed": {key: value for key, value in CHECK.items() if key != "kind"},
    "held_out": {key: value for key, value in READ.items() if key != "kind"},
    "curve": [
        {"tokens": 1000, "bits_per_byte": 0.5},
        {"tokens": 2000, "bits_per_byte": 0.25, "pass@1": 0.4, "held_out": 1.5},
    ],
}


def step(number: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": "step",
        "step": number,
        "tokens": 100 * number,
        "progress": number / 20,
        "loss": 5 / number,
        "bits_per_byte": 3 / number,
        "tasks": {"complete": 2 / number},
        "digits": 2.0,
        "grad_norm": 1.0,
        "rate": 1.0,
        "batch": 100,
        "padding": 0.02,
        "seconds": 0.1 * number,
        "tokens_per_s": 1000.0,
        "mfu": 0.2,
        **more,
    }


ROWS = [
    {"kind": "start", "step": 0, "record": RECORD},
    *(step(n) for n in range(1, 21)),
    {**CHECK, "samples": [SAMPLE]},
    READ,
]


def test_the_page_holds_everything_and_no_text_of_a_model_becomes_markup() -> None:
    page = training_page(ROWS)
    for heading in (
        "Bits per byte",
        "Loss by task",
        "Held out, executed",
        "Held out, read",
        "Speed",
        "Gradient",
        "Samples",
        "Settings",
    ):
        assert heading in page
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert "<b>a</b>" not in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_of_a_run_that_has_only_begun_says_so(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(ROWS[0]) + "\n" + '{"kind": "st', encoding="utf-8")
    write_page(log, tmp_path / "page.html")
    assert "No step yet" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert not (tmp_path / ".page.html.partial").exists()


def test_the_card_has_scores_with_intervals_data_contamination_and_how_to_load_it() -> None:
    card = model_card(RECORD)
    assert card.startswith("---\nlibrary_name: transformers")
    for text in (
        "1.05M parameters (nano)",
        "| all | 50 | 40.0% | 27.2% to 54.0% |",
        "| depth 1 | 25 | 60.0% |",
        "ab" * 32,
        "12 candidates with the behaviour of a test task",
        "| forge/complete | 10 | 900 | 56.0% |",
        "| 1,000 | 0.500 |  |  |",
        "| 2,000 | 0.250 | 40.0% | 1.500 |",
        "1.500 bits per byte of 9,000 bytes from 12 files of 3 repositories",
        "AutoModelForCausalLM",
        "vllm serve",
        "assay gguf FOLDER --out model.gguf                   # llama.cpp",
        "about 0 on HumanEval",
    ):
        assert text in card, text
    assert "experts" not in card


def test_the_card_of_a_mixture_says_how_its_experts_are_trained_on() -> None:
    card = model_card(RECORD | {"model": {"parameters": 4_000_000, "active": 1_100_000}})
    assert "a mixture of experts: 1.1M of its parameters see each token" in card
    assert "output_router_logits=True" in card


def test_the_card_of_a_record_that_knows_little_claims_little() -> None:
    card = model_card({"stage": "rl"})
    assert "None was measured during training" in card
    assert "interval" not in card


def test_a_timed_run_ends_by_the_clock_whatever_its_pace_was(tmp_path: Path) -> None:
    lines = Lines(tmp_path)
    lines.record = {**RECORD, "settings": {**RECORD["settings"], "minutes": 0.0}}
    lines.row = step(5)
    assert lines.left() == clock(1.5)
    lines.record = {**RECORD, "settings": {**RECORD["settings"], "minutes": 2.0}}
    assert lines.left() == clock(119.5)


def test_a_log_gets_a_line_with_losses_speed_and_time_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = watch(tmp_path)
    assert type(lines) is Lines
    (tmp_path / "log.jsonl").write_text("", encoding="utf-8")
    with lines:
        lines.began({**RECORD, "going_on": False})
        lines.step(step(10))
        lines.check({**CHECK, "samples": [SAMPLE]})
        lines.held_out(READ)
        lines.step(step(20))
        lines.saved(tmp_path / "model", 20)
    said = capsys.readouterr().err
    assert "training: 1,050,000 parameters" in said
    assert "step 10 50% loss 0.500" in said
    assert "40.0% of 50 greedy (by depth 1:60%)" in said
    assert "held out, read: 1.500 bits/byte of 12 files of 3 repositories" in said
    assert f"next: assay sample {tmp_path / 'model'}" in said
    assert (tmp_path / "curves.html").is_file()


def test_plots_have_round_ticks_and_means_of_neighbours() -> None:
    assert ticks(0.0, 1.0) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert [short(value) for value in (0.25, 20_000, 1_500_000)] == ["0.25", "20k", "1.5M"]
    many = [(float(x), float(x % 2)) for x in range(10_000)]
    assert len(thinned(many)) <= 240
    assert all(0.4 < y < 0.6 for _, y in thinned(many))
    assert plot([Line("empty", [])], "nothing") == ""
    assert plot([Line("flat", [(0.0, 1.0), (1.0, 1.0)])], "flat").count("<polyline") == 1


def test_a_sparkline_falls_with_its_values() -> None:
    from collections import deque

    line = sparkline(deque([float(value) for value in range(120, 0, -1)]))
    assert line[0] == "█"
    assert line[-1] == "▁"
    assert len(line) == 60
