"""The lines of the report's plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.evaluation.reading import Reading, StoredSample
from assay.evaluation.selective import Point, selective_curves
from assay.judge.verdict import VerdictKind
from assay.report.selective import NAMES

Curve = tuple[tuple[float, float], ...]
Band = tuple[tuple[float, float, float, float], ...]

MOST_POINTS = 60


def pass_at_k_curve(summary: Mapping[str, Any], rule_set: str) -> Band:
    """(k, pass@k, low, high) as in `summary.json`; () where tasks have one sample.

    Of many k some are taken, evenly on a log scale.
    """
    points = summary.get(rule_set, {}).get("pass@k", [])
    if not points:
        return ()
    places = {round(len(points) ** (step / MOST_POINTS)) for step in range(MOST_POINTS + 1)}
    chosen = (points[place - 1] for place in sorted(places))
    return tuple((point["k"], point["rate"], *point["ci95"]) for point in chosen)


def solved_within_curve(samples: Sequence[StoredSample], rule_set: str) -> Curve:
    """(CPU seconds, share of the judged samples that were accepted and used no more than that), rising.

    Harness errors are in neither side of the share. At most MOST_POINTS points; the last is the share accepted.
    () where nothing was accepted, or nothing had to run.
    """
    verdicts = [sample.verdicts[rule_set] for sample in samples]
    judged = sum(verdict.kind is not VerdictKind.harness_error for verdict in verdicts)
    used_s = sorted(verdict.cpu_s for verdict in verdicts if verdict.passed)
    if not used_s or not used_s[-1]:
        return ()
    ranks = {round(len(used_s) * step / MOST_POINTS) for step in range(1, MOST_POINTS + 1)} - {0}
    return tuple((used_s[rank - 1], rank / judged) for rank in sorted(ranks))


def selective_plots(reading: Reading, rule_set: str) -> list[dict[str, Any]]:
    """Accuracy against share answered for every kind of confidence that the run has, as the page wants it.

    At most MOST_POINTS points of a curve, evenly spread over the answers; the last is that of all of them.
    """
    return [
        {
            "kind": NAMES[curve.kind],
            "points": [(point.share, point.accuracy) for point in _thinned(curve.points)],
            "wrong": curve.surest.wrong,
            "surest": curve.surest.answers,
            "rate": curve.surest.rate,
            "interval": curve.surest.interval,
        }
        for curve in selective_curves(reading, rule_set)
    ]


def _thinned(points: Sequence[Point]) -> list[Point]:
    wanted = [step / MOST_POINTS for step in range(1, MOST_POINTS + 1)]
    chosen = (next(point for point in points if point.share >= share - 1e-9) for share in wanted)
    return list(dict.fromkeys(chosen))
