"""The table at the end says the score with its denominator, and nothing of it can fool the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.evaluation.score import summarise
from assay.report.terminal import SHOWN, print_summary
from fakes import a_plan, a_row

RECORD = {"model": "gold", "isolation": {"level": "namespaces", "layers": ["user", "pid"]}}


def table(rows: list[dict[str, Any]], judge: str = "both", plus: bool = False, folder: str = "run") -> str:
    out = io.StringIO()
    print_summary(
        summarise(rows, a_plan(judge=judge, plus=plus)),
        record=RECORD,
        elapsed_s=61.0,
        judged=len(rows),
        folder=Path(folder),
        file=out,
    )
    return out.getvalue()


def test_scores_come_with_interval_denominator_and_harness_errors() -> None:
    rows = [a_row(f"T/{n}", official="accepted", hardened="accepted" if n else "harness_error") for n in range(10)]
    text = table(rows)
    assert re.search(r"official +100\.0 % +74\.1 to 100\.0 % +10 of 10 +10 +0", text)
    assert re.search(r"hardened +100\.0 % +71\.7 to 100\.0 % +9 of 9 +9 +1", text)
    assert re.search(r"harness_error +0 +1", text)
    assert "fake@v1, gold: 10 tasks, 10 samples" in text
    assert "isolation  namespaces (user, pid)" in text
    assert "1:01 for 10 samples (0.3 verdicts/s); 0.0500 CPU-s per verdict" in text
    assert "sha256 abababababababab; extraction auto" in text
    assert "prompt     none (reference solutions)" in text


def test_a_model_that_was_asked_has_its_prompt_and_what_its_answers_took() -> None:
    out = io.StringIO()
    used = {"asked": 4, "answered": 3, "truncated": 1, "prompt_tokens": 1200, "completion_tokens": 900}
    record = RECORD | {"model": "openai:m", "generation": {"prompt": {"name": "chat-1", "sha256": "ab"}}}
    summary = replace(summarise([a_row("T/0", hardened="accepted")], a_plan(judge="hardened")), generation=used)
    print_summary(summary, record=record, elapsed_s=1.0, judged=1, folder=Path("run"), file=out)
    assert "prompt     chat-1" in out.getvalue()
    assert "answers    3 of 4, 1 truncated; 1,200 tokens of prompts, 900 written" in out.getvalue()


def test_a_rate_that_does_not_exist_is_a_dash_and_not_zero() -> None:
    text = table([a_row("T/0", hardened="harness_error")], judge="hardened")
    assert re.search(r"hardened +- +- +0 of 0 +0 +1", text)


def test_evalplus_shows_base_beside_the_whole_and_its_rules() -> None:
    row = a_row("T/0", hardened="wrong_answer")
    row["hardened"].update(base="accepted", plus="wrong_answer")
    text = table([row], judge="hardened", plus=True)
    assert re.search(r"pass@1 +95 % interval +base_pass@1", text)
    assert re.search(r"hardened +0\.0 % +0\.0 to 95\.0 % +100\.0 %", text)
    assert "EvalPlus 0.2 rules" in text


def test_at_most_ten_disagreements_are_listed_and_the_rest_counted() -> None:
    rows = [a_row(f"T/{n}", official="accepted", hardened="tampered") for n in range(25)]
    text = table(rows)
    assert "25 samples accepted by official, not by hardened:" in text
    assert text.count("sample 0  tampered  line 1") == SHOWN
    assert "and 15 more" in text


def test_what_a_program_says_cannot_steer_the_terminal_or_the_markup() -> None:
    row = a_row("T/0", official="accepted", hardened="wrong_answer")
    row["hardened"]["detail"] = "\x1b[2J\x1b]0;owned\x07 [red]x[/nosuch] \ud800 line\nline"
    text = table([row])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[red]x[/nosuch]" in text
    assert "\ud800" not in text


def test_a_long_folder_name_is_not_cut() -> None:
    assert f"{'deep/' * 60}verdicts.jsonl\n" in table(
        [a_row("T/0", hardened="accepted")], "hardened", False, "deep/" * 60
    )
