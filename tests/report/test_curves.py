"""The lines in the plots are the numbers that they say they are."""

from __future__ import annotations

from assay.evaluation.reading import StoredSample, read_with_texts
from assay.evaluation.selective import selective_curves
from assay.judge.verdict import Verdict, VerdictKind
from assay.report.curves import MOST_POINTS, pass_at_k_curve, selective_plots, solved_within_curve
from demo_runs import MakeRun

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


def test_where_nothing_ran_there_is_no_curve_of_time() -> None:
    assert solved_within_curve(samples("a", (K.accepted, 0.0), (K.wrong_answer, 0.0)), "hardened") == ()


def test_selective_answering_is_what_the_evaluation_says_thinned(make_run: MakeRun) -> None:
    sure = {f"demo/{n:02}": ["    return 1\n"] * 4 for n in range(3)}
    torn = {f"demo/{n:02}": [f"    return {m} # verdict: wrong_answer\n" for m in range(4)] for n in range(3, 6)}
    reading = read_with_texts(make_run("selective", sure | torn))
    (plot,) = selective_plots(reading, "hardened")
    (curve,) = selective_curves(reading, "hardened")
    assert plot["kind"] == "agreement among the samples of a task"
    assert plot["points"] == [(0.5, 1.0), (1.0, 0.5)] == [(point.share, point.accuracy) for point in curve.points]
    assert (plot["wrong"], plot["surest"], plot["rate"]) == (0, 3, 0.0)


def test_long_curves_are_thinned_but_keep_their_ends() -> None:
    many = samples("a", *[(K.accepted, 1.0 + n) for n in range(1000)])
    solved = solved_within_curve(many, "hardened")
    assert len(solved) <= MOST_POINTS and solved[-1] == (1000.0, 1.0)
    points = [{"k": k, "rate": 0.5, "ci95": [0.4, 0.6]} for k in range(1, 1001)]
    curve = pass_at_k_curve({"hardened": {"pass@k": points}}, "hardened")
    assert len(curve) <= MOST_POINTS + 1 and (curve[0][0], curve[-1][0]) == (1, 1000)
