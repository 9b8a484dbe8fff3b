"""Scores: the estimator, denominators, and what is left out rather than made up."""

from __future__ import annotations

from typing import Any

import pytest

from assay.evaluation.interval import share_interval, task_interval
from assay.evaluation.score import Summary, summarise
from fakes import a_plan, a_row


def score(rows: list[dict[str, Any]], judge: str = "hardened", **options: Any) -> Summary:
    return summarise(rows, a_plan(judge=judge, **options))


def test_one_sample_per_task_is_the_plain_share_with_the_interval_of_a_share() -> None:
    rows = [a_row(f"T/{n}", hardened="accepted" if n < 72 else "wrong_answer") for n in range(164)]
    body = score(rows).as_json()
    assert body["tasks"] == body["samples"] == 164
    assert body["hardened"]["pass@1"] == 72 / 164
    assert body["hardened"]["ci95"] == list(share_interval(72 / 164, 164))
    assert body["hardened"]["se"] == pytest.approx((72 / 164 * 92 / 164 / 163) ** 0.5)
    assert "pass@k" not in body["hardened"]
    assert body["hardened"]["counts"] == {"accepted": 72, "wrong_answer": 92}
    assert body["hardened"]["denominator"] == 164
    assert "pass@5" not in body["hardened"]
    assert "official" not in body


def test_a_harness_error_is_in_no_denominator_and_in_its_own_column() -> None:
    rows = [
        a_row("T/0", hardened="accepted"),
        a_row("T/1", hardened="wrong_answer"),
        a_row("T/2", hardened="harness_error"),
    ]
    body = score(rows).as_json()
    assert body["hardened"]["pass@1"] == 0.5
    assert body["hardened"]["denominator"] == 2
    assert body["hardened"]["harness_errors"] == body["harness_errors"] == 1
    assert body["hardened"]["counts"] == {"accepted": 1, "wrong_answer": 1, "harness_error": 1}


def test_the_rate_of_nothing_is_absent_and_not_zero() -> None:
    body = score([a_row("T/0", hardened="harness_error")]).as_json()
    assert "pass@1" not in body["hardened"]
    assert "ci95" not in body["hardened"]
    assert body["hardened"]["denominator"] == 0


def test_pass_at_5_appears_when_every_task_has_five_samples_and_no_sooner() -> None:
    rows = [a_row(f"T/{t}", n, hardened="accepted" if n == 0 else "time_limit") for t in range(2) for n in range(5)]
    full = score(rows).as_json()["hardened"]
    assert full["pass@1"] == pytest.approx(0.2)
    assert full["pass@5"] == 1.0
    assert "pass@10" not in full
    assert full["ci95"] == list(task_interval([(1, 5), (1, 5)]))
    assert full["se"] == 0.0
    assert [(each["k"], each["rate"]) for each in full["pass@k"]] == [(k, pytest.approx(k / 5)) for k in range(1, 6)]
    assert all(0 <= each["ci95"][0] <= each["rate"] <= each["ci95"][1] <= 1 for each in full["pass@k"])
    assert "pass@5" not in score(rows[:-1]).as_json()["hardened"]


def test_tasks_weigh_the_same_however_many_samples_they_have() -> None:
    rows = [a_row("T/0", n, hardened="accepted") for n in range(9)] + [a_row("T/1", hardened="wrong_answer")]
    body = score(rows).as_json()["hardened"]
    assert body["pass@1"] == 0.5
    assert (body["judged"], body["passed"], body["denominator"]) == (10, 9, 2)


def test_evalplus_rows_give_a_base_rate_beside_the_whole() -> None:
    rows = [a_row("T/0", hardened="accepted"), a_row("T/1", hardened="wrong_answer"), a_row("T/2", hardened="no_code")]
    for row, base in zip(rows, ["accepted", "accepted", "no_code"], strict=True):
        row["hardened"].update(base=base, plus=row["hardened"]["verdict"])
    body = score(rows, plus=True).as_json()
    assert body["rules"] == "0.2"
    assert body["hardened"]["pass@1"] == pytest.approx(1 / 3)
    assert body["hardened"]["base_pass@1"] == pytest.approx(2 / 3)
    assert body["hardened"]["base_ci95"] == list(share_interval(2 / 3, 3))


def test_a_row_that_never_reached_its_inputs_counts_as_failed_for_base_too() -> None:
    rows = [a_row("T/0", hardened="compile_error"), a_row("T/1", hardened="accepted")]
    assert score(rows, plus=True).as_json()["hardened"]["base_pass@1"] == 0.5


def test_disagreements_name_the_sample_the_verdicts_and_the_reason() -> None:
    rows = [
        a_row("T/10", official="accepted", hardened="tampered"),
        a_row("T/2", official="accepted", hardened="early_exit"),
        a_row("T/3", official="wrong_answer", hardened="accepted"),
        a_row("T/4", official="accepted", hardened="harness_error"),
        a_row("T/5", official="accepted", hardened="accepted"),
    ]
    summary = score(rows, judge="both")
    found = [(one.task_id, one.official, one.hardened, one.detail) for one in summary.disagreements]
    assert found == [
        ("T/2", "accepted", "early_exit", "line 1"),
        ("T/3", "wrong_answer", "accepted", "line 1"),
        ("T/10", "accepted", "tampered", "line 1"),
    ]
    assert summary.as_json()["harness_errors"] == 1
    assert summary.as_json()["official"]["denominator"] == 5
    assert summary.as_json()["hardened"]["denominator"] == 4


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [a_row(f"T/{n}", hardened="accepted" if n % 3 else "wrong_answer") for n in range(30)]
    assert score(rows).as_json() == score(rows[::-1]).as_json()


def test_skipped_answers_leave_the_count_of_a_task_that_some_answer_passes() -> None:
    rows = [a_row("T/0", sample, official="accepted" if sample == 0 else "wrong_answer") for sample in range(4)]
    for row in rows[1:]:
        row["official"]["flags"] = ["skipped"]
    body = score(rows, judge="official").as_json()
    assert body["official"]["pass@1"] == 1.0
    assert body["official"]["judged"] == 4


def test_skipped_answers_stay_in_the_count_of_a_task_that_none_passes() -> None:
    rows = [a_row(f"T/{task}", sample, official="wrong_answer") for task in range(2) for sample in range(2)]
    rows[0]["official"] |= {"verdict": "accepted", "passed": True}
    for row in rows[1:]:
        row["official"]["flags"] = ["skipped"]
    assert score(rows, judge="official").as_json()["official"]["pass@1"] == 0.5
