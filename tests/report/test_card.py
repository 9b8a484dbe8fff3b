"""The model card says how a model was asked and what its answers took, where one was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.evaluation.reading import read_with_texts
from assay.report.card import make_card
from assay.report.leaderboard import Entry
from demo_runs import MakeRun

ASKED = {
    "prompt": {"name": "chat-1", "sha256": "ab" * 32},
    "samples": 2,
    "temperature": 0.8,
    "top_p": None,
    "max_tokens": 512,
    "seed": 0,
}
USED = {
    "asked": 4,
    "answered": 3,
    "truncated": 1,
    "finish_reasons": {"stop": 2, "length": 1},
    "counted": 3,
    "prompt_tokens": 1200,
    "completion_tokens": 900,
    "cost": 0.0125,
    "total_s": {"median": 1.25, "p95": 3.0},
}


@pytest.fixture
def entry(make_run: MakeRun) -> Entry:
    return Entry("M", read_with_texts(make_run("card", {"demo/00": ["    pass\n"]})))


def test_a_model_that_was_asked_has_prompt_sampling_answers_tokens_and_latency(entry: Entry) -> None:
    run = entry.reading.run
    asked = replace(run, record={**run.record, "generation": ASKED}, summary={**run.summary, "generation": USED})
    card = dict(make_card(Entry("M", replace(entry.reading, run=asked))))
    assert card["Prompt"] == f"chat-1, sha256 {'ab' * 32}"
    assert card["Sampling"] == "samples 2, temperature 0.8, max tokens 512, seed 0"
    assert card["Answers"] == "3 of 4, 1 truncated; finish reasons: stop 2, length 1"
    assert card["Tokens"] == "1,200 of prompts, 900 written, counted by 3 answers; cost 0.0125"
    assert card["Latency"] == "median whole answer 1.25 s (95th percentile 3 s)"


def test_recorded_samples_have_none_of_these(entry: Entry) -> None:
    assert not {"Sampling", "Answers", "Tokens", "Latency"} & set(dict(make_card(entry)))
