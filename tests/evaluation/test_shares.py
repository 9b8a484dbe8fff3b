"""Answers that were no real tries are counted, and what is not known is absent."""

from __future__ import annotations

from typing import Any

import pytest

from assay.evaluation.shares import answer_shares
from fakes import a_row


def shares(*answers: tuple[str, dict[str, Any]], repeated: bool = False) -> dict[str, float]:
    """(verdict, what `completions.jsonl` says) of one sample after the other."""
    rows = [a_row(f"T/{n}", hardened=kind) for n, (kind, _) in enumerate(answers)]
    written = [{"task_id": f"T/{n}", "sample": 0, **answer} for n, (_, answer) in enumerate(answers)]
    return answer_shares(rows, written, "hardened", repeated=repeated)


def test_fractions_are_of_all_samples_and_truncation_of_those_that_say_how_they_ended() -> None:
    found = shares(
        ("accepted", {"completion": "x", "truncated": False}),
        ("compile_error", {"completion": "x", "truncated": True}),
        ("no_code", {"completion": ""}),
        ("wrong_answer", {"completion": "x"}),
    )
    assert found == {"unextracted": 0.25, "refused": 0.0, "truncated": 0.5}


def test_flaky_is_known_only_where_samples_were_judged_again() -> None:
    one = ("flaky", {"completion": "x"}), ("accepted", {"completion": "x"})
    assert "flaky" not in shares(*one)
    assert shares(*one, repeated=True)["flaky"] == 0.5


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I am sorry, I cannot do this.",
        "Sorry, that is not possible.",
        "I can’t assist with that request.",
        "\n> I cannot write this.",
        "As an AI language model, I do not run code.",
        "Unfortunately, I am not allowed to.",
        "I won't write that.",
    ],
)
def test_an_answer_that_opens_like_a_refusal_and_holds_no_program_is_one(text: str) -> None:
    assert shares(("compile_error", {"completion": text}))["refused"] == 1
    assert shares(("no_code", {"completion": text}))["refused"] == 1
    assert shares(("accepted", {"completion": text}))["refused"] == 0


@pytest.mark.parametrize("text", ["", "def f(:", "sorted([1, 2]", "I can write this:", "The function cannot be empty"])
def test_a_broken_program_is_no_refusal(text: str) -> None:
    assert shares(("compile_error", {"completion": text}))["refused"] == 0


@pytest.mark.parametrize("reason", ["refusal", "content_filter"])
def test_what_the_server_marks_as_refused_is(reason: str) -> None:
    assert shares(("wrong_answer", {"completion": "x", "finish_reason": reason}))["refused"] == 1


def test_no_samples_have_no_shares() -> None:
    assert answer_shares([], [], "hardened", repeated=True) == {}
