"""Accuracy against share answered: the curve, its area, and what a model was surely wrong about."""

from __future__ import annotations

import itertools
import random
import statistics
from pathlib import Path
from typing import Any

import pytest

from assay.evaluation.plan import make_plan
from assay.evaluation.reading import Reading, read_with_texts
from assay.evaluation.selective import AGREEMENT, MEAN_LOGPROB, Answer, selective_curve, selective_curves
from assay.tasks.catalog import load
from test_plan import samples_file
from test_reading import data  # noqa: F401  (a fixture)
from test_run import go


def answers(*pairs: tuple[float, bool]) -> list[Answer]:
    return [Answer(f"T/{n}", confidence, passed) for n, (confidence, passed) in enumerate(pairs)]


def read(folder: Path, *rows: dict[str, Any]) -> Reading:
    """A run over these rows of a samples file."""
    go(make_plan(load("humaneval"), f"recorded:{samples_file(folder, *rows)}", partial=True), folder / "run")
    return read_with_texts(folder / "run")


def row(task: int, text: str, passes: bool = True, **more: Any) -> dict[str, Any]:
    verdict = "accepted" if passes else "wrong_answer"
    return {"task_id": f"HumanEval/{task}", "completion": f"{text} # verdict: {verdict}\n", **more}


def test_the_curve_goes_from_the_surest_answer_to_all_of_them() -> None:
    curve = selective_curve(MEAN_LOGPROB, answers((-0.3, False), (-0.1, True), (-0.2, True), (-0.4, True)))
    assert [(point.confidence, point.share, point.accuracy) for point in curve.points] == [
        (-0.1, 0.25, 1.0),
        (-0.2, 0.5, 1.0),
        (-0.3, 0.75, pytest.approx(2 / 3)),
        (-0.4, 1.0, 0.75),
    ]
    assert curve.area == pytest.approx((1 + 1 + 2 / 3 + 3 / 4) / 4)
    assert curve.accuracy == 0.75
    assert curve.best == pytest.approx((1 + 1 + 1 + 3 / 4) / 4)


def test_the_area_of_equally_sure_answers_is_the_mean_over_all_their_orders() -> None:
    given = answers((0.9, True), (0.5, False), (0.5, True), (0.5, False), (0.1, True))
    areas = []
    for order in itertools.permutations(given[1:4]):
        right = list(itertools.accumulate(answer.passed for answer in [given[0], *order, given[4]]))
        areas.append(statistics.fmean(passed / tried for tried, passed in enumerate(right, 1)))
    assert selective_curve(AGREEMENT, given).area == pytest.approx(statistics.fmean(areas))
    assert [point.share for point in selective_curve(AGREEMENT, given).points] == [0.2, 0.8, 1.0]


def test_a_confidence_that_says_nothing_has_an_area_of_the_accuracy() -> None:
    curve = selective_curve(AGREEMENT, answers(*[(1.0, n % 3 == 0) for n in range(30)]))
    assert curve.area == pytest.approx(curve.accuracy)


def test_knowing_exactly_what_is_right_reaches_the_best_area() -> None:
    curve = selective_curve(MEAN_LOGPROB, answers(*[(float(n < 12), n < 12) for n in range(40)]))
    assert curve.area == pytest.approx(curve.best)
    assert curve.area > curve.accuracy


def test_surely_wrong_counts_the_surest_quarter_with_all_that_are_as_sure() -> None:
    curve = selective_curve(AGREEMENT, answers(*[(1.0, n > 1) for n in range(6)], *[(0.5, False)] * 10))
    assert (curve.surest.answers, curve.surest.wrong, curve.surest.rate) == (6, 2, pytest.approx(1 / 3))
    low, high = curve.surest.interval
    assert 0 < low < 1 / 3 < high < 1


def test_samples_of_one_task_are_no_independent_proof() -> None:
    dice = random.Random(2)
    chances = [dice.random() < 0.5 for _ in range(20)]
    clustered = [Answer(f"T/{task}", 1.0, passed) for task, passed in enumerate(chances) for _ in range(8)]
    alone = [Answer(f"T/{n}", 1.0, answer.passed) for n, answer in enumerate(clustered)]
    wide, narrow = (selective_curve(MEAN_LOGPROB, each).surest.interval for each in (clustered, alone))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


@pytest.mark.usefixtures("data")
def test_log_probabilities_of_a_samples_file_are_confidences(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(0, "    return 0", mean_logprob=-0.1),
        row(1, "    return 1", False, mean_logprob=-0.9),
        row(2, "    return 2", False),
        row(3, "    return 3", mean_logprob="-0.3"),
    )
    (curve,) = selective_curves(reading, "hardened")
    assert (curve.kind, curve.answers, curve.accuracy) == (MEAN_LOGPROB, 2, 0.5)
    assert curve.points[0].accuracy == 1.0


@pytest.mark.usefixtures("data")
def test_agreement_takes_the_commonest_program_of_a_task_whatever_its_layout(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        row(0, "    return  0"),
        row(0, "    # the same\n    return 0"),
        row(0, "    return 9", False),
        row(1, "    return 7", False),
        row(1, "    return 7", False),
        row(1, "    return 7", False),
    )
    (curve,) = selective_curves(reading, "hardened")
    assert (curve.kind, curve.answers) == (AGREEMENT, 2)
    assert [(point.confidence, point.accuracy) for point in curve.points] == [(1.0, 0.0), (pytest.approx(2 / 3), 0.5)]
    assert (curve.surest.answers, curve.surest.wrong) == (1, 1)


@pytest.mark.usefixtures("data")
def test_a_run_without_confidences_has_no_curve(tmp_path: Path) -> None:
    assert selective_curves(read(tmp_path, row(0, "    return 0")), "hardened") == []


@pytest.mark.usefixtures("data")
def test_samples_without_a_verdict_are_left_out(tmp_path: Path) -> None:
    broken = {"task_id": "HumanEval/1", "completion": "    return 1 # verdict: harness_error\n", "mean_logprob": -0.1}
    (curve,) = selective_curves(read(tmp_path, row(0, "    return 0", mean_logprob=-0.5), broken), "hardened")
    assert curve.answers == 1
