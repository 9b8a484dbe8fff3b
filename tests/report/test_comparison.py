"""What a comparison concludes, in plain sentences."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from assay.evaluation.compare import Comparison, compare, load_contestants
from assay.report.comparison import SHOWN, conclusion, print_comparisons
from fakes import a_stored_run


def comparisons(folder: Path, *patterns: str) -> list[Comparison]:
    """Runs A, B, ...: x passed, . did not."""
    names = "ABCDE"
    runs = [
        a_stored_run(folder / name, ["accepted" if each == "x" else "wrong_answer" for each in pattern])
        for name, pattern in zip(names, patterns, strict=False)
    ]
    return compare(load_contestants(runs))


def test_a_difference_that_is_shown_is_said_in_points_with_its_interval(tmp_path: Path) -> None:
    (found,) = comparisons(tmp_path, "x" * 20 + "." * 30, "x" * 40 + "." * 10)
    low, high = (100 * bound for bound in found.difference.interval)
    assert conclusion(found) == f"B is better by 40.0 points (95% {low:.1f} to {high:.1f})."


def test_the_better_one_is_named_whichever_it_is(tmp_path: Path) -> None:
    (found,) = comparisons(tmp_path, "x" * 40 + "." * 10, "x" * 20 + "." * 30)
    low, high = (100 * bound for bound in found.difference.interval)
    assert high < 0
    assert conclusion(found) == f"A is better by 40.0 points (95% {-high:.1f} to {-low:.1f})."


def test_a_difference_that_is_not_shown_says_how_many_tasks_are_missing(tmp_path: Path) -> None:
    (found,) = comparisons(tmp_path, "x" * 20 + "." * 30, "x" * 19 + ".xxx" + "." * 27)
    text = conclusion(found)
    assert found.difference.more_tasks == 343
    assert text.startswith(
        "no difference can be shown; about 350 more tasks would be needed (B minus A is +4.0 points, "
    )


def test_equal_runs_say_what_these_tasks_cannot_show(tmp_path: Path) -> None:
    (found,) = comparisons(tmp_path, "x" * 20 + "." * 30, "x" * 20 + "." * 30)
    assert "no difference can be shown; a difference under about 5 points cannot be seen with 50 tasks" in conclusion(
        found
    )


def test_what_is_lost_among_many_comparisons_says_so(tmp_path: Path) -> None:
    equal = "x" * 20 + "." * 30
    found = comparisons(tmp_path, equal, "x" * 27 + "." * 23, equal, equal, equal)[0]
    assert found.difference.p_value < 0.05 < found.p_adjusted
    assert "no difference can be shown; among so many comparisons it may be chance" in conclusion(found)


def test_a_difference_that_only_the_interval_shows_is_not_claimed(tmp_path: Path) -> None:
    (found,) = comparisons(
        tmp_path, "x" * 60 + "x" * 10 + "." * 22 + "." * 72, "x" * 60 + "." * 10 + "x" * 22 + "." * 72
    )
    assert found.difference.interval[0] > 0
    assert found.difference.p_value > 0.05
    assert "no difference can be shown" in conclusion(found)
    assert "the test does not confirm it (p = 0.050)" in conclusion(found)


def test_one_comparison_is_not_called_many(tmp_path: Path) -> None:
    (found,) = comparisons(tmp_path, "x" * 20 + "." * 30, "x" * 19 + ".xxx" + "." * 27)
    enough = replace(found, difference=replace(found.difference, more_tasks=0))
    assert "no difference can be shown; with 50 tasks it may be chance (B minus A is" in conclusion(enough)


def test_the_printed_form_names_runs_tasks_test_and_conclusion(tmp_path: Path) -> None:
    out = io.StringIO()
    print_comparisons(comparisons(tmp_path, "." * 30, "x" * 30, "." * 29 + "x"), out)
    text = out.getvalue()
    assert "fake@v1, hardened verdicts; A is A (gold)" in text
    assert "McNemar, exact" in text
    assert f"  won by B: {', '.join(f'T/{n}' for n in range(SHOWN))} and 20 more" in text
    assert "B is better by" in text
    assert "2 comparisons were made together" in text
