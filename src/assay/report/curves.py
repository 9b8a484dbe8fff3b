"""The lines of the report's plots, computed from verdicts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.evaluation.reading import StoredSample
from assay.evaluation.score import pass_at_k
from assay.judge.verdict import VerdictKind

Curve = tuple[tuple[float, float], ...]

MOST_POINTS = 60


def pass_at_k_curve(samples: Sequence[StoredSample], rule_set: str) -> Curve:
    """(k, pass@k) for k from 1 to the fewest samples that a task has; () where that is 1.

    Harness errors are no samples, as in the score. With many samples only some k are computed, evenly on a log scale.
    """
    tasks: dict[str, list[int]] = {}
    for sample in samples:
        verdict = sample.verdicts[rule_set]
        if verdict.kind is not VerdictKind.harness_error:
            counts = tasks.setdefault(sample.task_id, [0, 0])
            counts[0] += 1
            counts[1] += verdict.passed
    fewest = min((tried for tried, _ in tasks.values()), default=0)
    if fewest < 2:
        return ()
    steps = {round(fewest ** (step / MOST_POINTS)) for step in range(MOST_POINTS + 1)}
    return tuple(
        (k, math.fsum(pass_at_k(tried, passed, k) for tried, passed in tasks.values()) / len(tasks))
        for k in sorted(steps)
    )


def solved_within_curve(samples: Sequence[StoredSample], rule_set: str) -> Curve:
    """(CPU seconds, share of the judged samples that were accepted and used no more than that), rising.

    Harness errors are in neither side of the share. At most MOST_POINTS points; the last is the share accepted.
    """
    verdicts = [sample.verdicts[rule_set] for sample in samples]
    judged = sum(verdict.kind is not VerdictKind.harness_error for verdict in verdicts)
    used_s = sorted(verdict.cpu_s for verdict in verdicts if verdict.passed)
    if not used_s:
        return ()
    ranks = {round(len(used_s) * step / MOST_POINTS) for step in range(1, MOST_POINTS + 1)} - {0}
    return tuple((used_s[rank - 1], rank / judged) for rank in sorted(ranks))
