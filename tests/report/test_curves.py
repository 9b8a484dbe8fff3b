"""The lines in the plots are the numbers that they say they are."""

from __future__ import annotations

from assay.evaluation.reading import StoredSample
from assay.judge.verdict import Verdict, VerdictKind
from assay.report.curves import MOST_POINTS, pass_at_k_curve, solved_within_curve

K = VerdictKind


def samples(task: str, *verdicts: tuple[VerdictKind, float]) -> list[StoredSample]:
    return [StoredSample(task, n, {"hardened": Verdict(kind, cpu_s=s)}) for n, (kind, s) in enumerate(verdicts)]


def test_pass_at_k_is_what_the_summary_says() -> None:
    points = [{"k": k, "rate": k / 10, "se": 0.1, "ci95": [0.0, 1.0]} for k in (1, 2, 3)]
    summary = {"hardened": {"pass@1": 0.1, "pass@k": points}, "official": {"pass@1": 0.2}}
    assert pass_at_k_curve(summary, "hardened") == ((1, 0.1, 0.0, 1.0), (2, 0.2, 0.0, 1.0), (3, 0.3, 0.0, 1.0))
    assert pass_at_k_curve(summary, "official") == ()


def test_harness_errors_are_no_samples() -> None:
    many = samples("a", (K.accepted, 0.1), (K.harness_error, 0.0))
    assert solved_within_curve(many, "hardened") == ((0.1, 1.0),)


def test_solved_within_ends_at_the_share_accepted() -> None:
    many = samples("a", (K.accepted, 0.3), (K.accepted, 0.1), (K.time_limit, 3.0), (K.wrong_answer, 0.1))
    assert solved_within_curve(many, "hardened") == ((0.1, 0.25), (0.3, 0.5))


def test_long_curves_are_thinned_but_keep_their_ends() -> None:
    many = samples("a", *[(K.accepted, 1.0 + n) for n in range(1000)])
    solved = solved_within_curve(many, "hardened")
    assert len(solved) <= MOST_POINTS and solved[-1] == (1000.0, 1.0)
    points = [{"k": k, "rate": 0.5, "ci95": [0.4, 0.6]} for k in range(1, 1001)]
    curve = pass_at_k_curve({"hardened": {"pass@k": points}}, "hardened")
    assert len(curve) <= MOST_POINTS + 1 and (curve[0][0], curve[-1][0]) == (1, 1000)
