"""Selective answering: how right a model would be if it answered only where it is sure, and how often it is sure and
wrong.

Source: Geifman and El-Yaniv, "Selective classification for deep neural networks" (2017), whose risk-coverage curve this
is, with accuracy in the place of risk; accuracy is what people ask for.
"""

from __future__ import annotations

import ast
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assay.evaluation.interval import mean_interval
from assay.evaluation.reading import Reading, StoredSample
from assay.judge.verdict import VerdictKind
from assay.tasks.syntax import try_parse

MEAN_LOGPROB = "mean_logprob"
AGREEMENT = "agreement"
SUREST = 0.25  # of the answers, for "surely wrong"
_MAX_PARSED_CHARS = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """One answer with how sure the model was of it."""

    task_id: str
    confidence: float
    passed: bool


@dataclass(frozen=True)
class Point:
    """What holds when only answers with at least this confidence are given: share of all that are, and accuracy."""

    confidence: float
    share: float
    accuracy: float


@dataclass(frozen=True)
class Surest:
    """The surest quarter of the answers, with all that are as sure as the last of them.

    wrong: how many of `answers` did not pass. rate: their share. interval: 95 %, tasks being independent.
    """

    answers: int
    wrong: int
    rate: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Selective:
    """The curve of one kind of confidence.

    kind: MEAN_LOGPROB or AGREEMENT. answers: how many have it. accuracy: of all of them.
    area: under the curve of accuracy against share answered, with equally sure answers in random order; best: the area
    if all right answers came first. An area no larger than `accuracy` means that the confidence says nothing.
    """

    kind: str
    answers: int
    accuracy: float
    area: float
    best: float
    surest: Surest
    points: tuple[Point, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def selective_curves(reading: Reading, rule_set: str) -> list[Selective]:
    """The curve of every kind of confidence that the run has; none is no error.

    Mean log-probability is that of an answer's tokens, one answer being one sample. Agreement is the share of a task's
    samples that are the same program as the commonest one, which is the task's one answer; it needs several samples per
    task, and looks at programs only, never at verdicts. Samples without a verdict are left out.
    """
    judged = [one for one in reading.samples if one.verdicts[rule_set].kind is not VerdictKind.harness_error]
    by_kind = {MEAN_LOGPROB: _by_logprob(judged, rule_set), AGREEMENT: _by_agreement(judged, rule_set)}
    return [selective_curve(kind, answers) for kind, answers in by_kind.items() if answers]


def selective_curve(kind: str, answers: Sequence[Answer]) -> Selective:
    """The curve of these answers, at least one."""
    ordered = sorted(answers, key=lambda answer: -answer.confidence)
    total = len(ordered)
    right = 0
    points: list[Point] = []
    area = 0.0
    begin = 0
    while begin < total:
        end = begin
        while end < total and ordered[end].confidence == ordered[begin].confidence:
            end += 1
        found = sum(answer.passed for answer in ordered[begin:end])
        # Equally sure answers come in random order: after i of them, i times their own accuracy are right on average.
        steps = range(1, end - begin + 1)
        area += math.fsum((right + found * i / (end - begin)) / (begin + i) for i in steps)
        right += found
        points.append(Point(ordered[begin].confidence, end / total, right / end))
        begin = end
    best = math.fsum(min(given, right) / given for given in range(1, total + 1))
    return Selective(
        kind=kind,
        answers=total,
        accuracy=right / total,
        area=area / total,
        best=best / total,
        surest=_surest(ordered),
        points=tuple(points),
    )


def _surest(ordered: Sequence[Answer]) -> Surest:
    last = ordered[math.ceil(SUREST * len(ordered)) - 1].confidence
    chosen = [answer for answer in ordered if answer.confidence >= last]
    wrong = sum(not answer.passed for answer in chosen)
    rate = wrong / len(chosen)
    # Samples of a task resemble each other: the variance of a ratio whose parts are summed by task.
    surplus: defaultdict[str, float] = defaultdict(float)
    for answer in chosen:
        surplus[answer.task_id] += (not answer.passed) - rate
    tasks = len(surplus)
    squares = math.fsum(each * each for each in surplus.values())
    variance = squares * (tasks / len(chosen)) ** 2 / (tasks - 1) if tasks > 1 else 0.0
    return Surest(len(chosen), wrong, rate, mean_interval(rate, variance, tasks, len(chosen)))


def _by_logprob(samples: Sequence[StoredSample], rule_set: str) -> list[Answer]:
    found = []
    for one in samples:
        value = one.answer.get(MEAN_LOGPROB)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            found.append(Answer(one.task_id, float(value), one.verdicts[rule_set].passed))
    return found


def _by_agreement(samples: Sequence[StoredSample], rule_set: str) -> list[Answer]:
    by_task: defaultdict[str, list[StoredSample]] = defaultdict(list)
    for one in samples:
        if one.program is not None:
            by_task[one.task_id].append(one)
    found = []
    for task_id, ones in by_task.items():
        if len(ones) < 2:
            continue
        alike: defaultdict[str, list[StoredSample]] = defaultdict(list)
        for one in ones:
            alike[_normal_form(one.program or "")].append(one)
        commonest = max(alike.values(), key=len)  # of equally common ones the first that was written
        found.append(Answer(task_id, len(commonest) / len(ones), commonest[0].verdicts[rule_set].passed))
    return found


def _normal_form(program: str) -> str:
    """The same for programs that differ in layout and comments only: the syntax tree of Python, else the bare lines."""
    tree = try_parse(program) if len(program) <= _MAX_PARSED_CHARS else None
    if tree is not None:
        try:
            return ast.dump(tree)
        except RecursionError:
            pass
    return "\n".join(line for line in map(str.strip, program.splitlines()) if line)
