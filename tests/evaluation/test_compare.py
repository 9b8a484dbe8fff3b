"""Runs are compared on the tasks that they share, and runs that do not fit together get one clear sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.evaluation.compare import Comparison, compare, load_contestants
from fakes import a_stored_run

GOOD, BAD = "accepted", "wrong_answer"


def a_run(folder: Path, pattern: str, **options: Any) -> Path:
    """One sample per task: x passed, . did not, ! harness error."""
    return a_stored_run(folder, [{"x": GOOD, ".": BAD, "!": "harness_error"}[each] for each in pattern], **options)


def only(folders: Sequence[Path], **options: Any) -> Comparison:
    (found,) = compare(load_contestants(folders), **options)
    return found


def change(folder: Path, file: str, **values: Any) -> None:
    path = folder / file
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def change_identity(folder: Path, **values: Any) -> None:
    record = json.loads((folder / "run.json").read_text())
    change(folder, "run.json", identity=record["identity"] | values)


def test_tasks_won_and_lost_are_counted_and_named(tmp_path: Path) -> None:
    found = only([a_run(tmp_path / "a", "xx..x"), a_run(tmp_path / "b", "x.xxx")])
    assert (found.name_a, found.name_b, found.rule_set) == ("a", "b", "hardened")
    assert (found.won, found.lost, found.difference.tied) == (("T/2", "T/3"), ("T/1",), 2)
    assert found.difference.difference == pytest.approx(1 / 5)
    body = found.as_json()
    assert (body["a"]["pass@1"], body["b"]["pass@1"], body["won"], body["lost"]) == (0.6, 0.8, 2, 1)
    json.dumps(body)


def test_a_clear_difference_is_shown_and_a_small_one_is_not(tmp_path: Path) -> None:
    base = a_run(tmp_path / "base", "x" * 20 + "." * 20)
    assert only([base, a_run(tmp_path / "better", "x" * 35 + "." * 5)]).is_shown
    assert not only([base, a_run(tmp_path / "equal", "x" * 21 + "." * 19)]).is_shown


def test_several_samples_per_task_are_averaged_within_the_task(tmp_path: Path) -> None:
    a = a_stored_run(tmp_path / "a", [[GOOD, BAD], [BAD, BAD]])
    b = a_stored_run(tmp_path / "b", [[GOOD, GOOD, BAD, GOOD], [BAD, BAD, BAD, GOOD]])
    found = only([a, b])
    assert (found.difference.rate_a, found.difference.rate_b) == (0.25, 0.5)
    assert "a has 2 samples per task, b 4; task rates are compared." in found.notes


def test_rates_are_those_of_the_scores_also_where_upstream_leaves_samples_out(tmp_path: Path) -> None:
    a = a_stored_run(tmp_path / "a", [[GOOD, BAD, BAD], [BAD, BAD, BAD]])
    rows = [json.loads(line) for line in (a / "verdicts.jsonl").read_text().splitlines()]
    for row in (rows[1], rows[4]):
        row["hardened"]["flags"] = ["skipped"]
    (a / "verdicts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    found = only([a, a_stored_run(tmp_path / "b", [GOOD, GOOD])])
    assert found.difference.rate_a == (1 / 2 + 0 / 3) / 2


def test_every_other_run_is_compared_with_the_first_and_p_values_are_raised(tmp_path: Path) -> None:
    runs = [a_run(tmp_path / name, pattern) for name, pattern in [("a", "." * 8), ("b", "x" * 8), ("c", "x" * 7 + ".")]]
    found = compare(load_contestants(runs))
    assert [(one.name_a, one.name_b) for one in found] == [("a", "b"), ("a", "c")]
    assert [one.p_adjusted for one in found] == [2 * found[0].difference.p_value, found[1].difference.p_value]


def test_folders_of_runs_are_compared_benchmark_by_benchmark(tmp_path: Path) -> None:
    for side in ("old", "new"):
        for benchmark in ("one", "two"):
            a_run(tmp_path / side / benchmark, "x.")
            change(tmp_path / side / benchmark, "run.json", benchmark=f"{benchmark}@v1")
    found = compare(load_contestants([tmp_path / "old", tmp_path / "new"]))
    assert [(one.benchmark, one.name_a, one.name_b) for one in found] == [
        ("one@v1", "old", "new"),
        ("two@v1", "old", "new"),
    ]


def test_runs_whose_folders_have_the_same_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    runs = [a_run(tmp_path / side / "humaneval", "x.") for side in ("old", "new")]
    found = only(runs)
    assert (found.name_a, found.name_b) == (str(runs[0]), str(runs[1]))


def test_a_task_without_a_verdict_in_one_run_is_left_out_and_said(tmp_path: Path) -> None:
    found = only([a_run(tmp_path / "a", "x!x"), a_run(tmp_path / "b", "xx.")])
    assert found.difference.tasks == 2
    assert "1 task is left out, because not both runs have a verdict on it." in found.notes


def test_what_else_differs_is_said(tmp_path: Path) -> None:
    a, b = a_run(tmp_path / "a", "x."), a_run(tmp_path / "b", "x.")
    change_identity(b, extract="chat")
    assert only([a, b]).notes == ("The runs differ in more than the model: --extract was auto and chat.",)


def test_hardened_verdicts_are_compared_where_both_have_them_else_official(tmp_path: Path) -> None:
    both, official = a_run(tmp_path / "both", "x.", judge="both"), a_run(tmp_path / "official", "x.", judge="official")
    hardened = a_run(tmp_path / "hardened", "x.")
    assert only([both, hardened]).rule_set == "hardened"
    assert only([both, official]).rule_set == "official"
    assert only([both, official], rule_set="official").rule_set == "official"
    sentence = "no common verdicts to compare: hardened has hardened verdicts; official has official verdicts. Judge"
    with pytest.raises(AssayError, match=sentence):
        compare(load_contestants([hardened, official]))
    with pytest.raises(AssayError, match="no hardened verdicts to compare"):
        compare(load_contestants([both, official]), rule_set="hardened")


def test_runs_of_different_tasks_are_refused_unless_only_the_common_ones_are_wanted(tmp_path: Path) -> None:
    a, b = a_run(tmp_path / "a", "xx.."), a_run(tmp_path / "b", "x.x")
    with pytest.raises(
        AssayError, match=r"different tasks of fake@v1: 1 only in a \(T/3\)\. Compare the 3 .* --common"
    ):
        only([a, b])
    assert only([a, b], common=True).difference.tasks == 3


def test_runs_that_do_not_fit_together_are_refused_by_what_differs(tmp_path: Path) -> None:
    a, b = a_run(tmp_path / "a", "x."), a_run(tmp_path / "b", "x.")
    change(b, "run.json", data_sha256="cd" * 32)
    with pytest.raises(
        AssayError, match=r"a and b cannot be compared: the benchmark's data, .* \(abababab.* and cdcdcd"
    ):
        only([a, b])
    change(b, "run.json", data_sha256="ab" * 32)
    change(b, "summary.json", rules="0.3")
    with pytest.raises(AssayError, match=r"the EvalPlus rules \(--rules\) differ \(none and 0\.3\)"):
        only([a, b])
    change(b, "run.json", benchmark="other")
    with pytest.raises(AssayError, match=r"nothing to compare: a is about fake@v1 and b about other\. Name runs"):
        only([a, b])


def test_too_few_runs_and_the_same_run_twice_are_refused(tmp_path: Path) -> None:
    a = a_run(tmp_path / "a", "x.")
    with pytest.raises(AssayError, match="needs at least two run folders"):
        load_contestants([a])
    with pytest.raises(AssayError, match="is named twice"):
        load_contestants([a, tmp_path / "." / "a"])


def test_a_folder_with_two_runs_of_one_benchmark_is_refused(tmp_path: Path) -> None:
    a_run(tmp_path / "many" / "first", "x.")
    a_run(tmp_path / "many" / "second", "x.")
    with pytest.raises(AssayError, match=r"holds two runs of fake@v1: first and second\. Name one of them"):
        load_contestants([tmp_path / "many", a_run(tmp_path / "a", "x.")])


def test_runs_without_a_common_verdict_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssayError, match="no task of fake@v1 on which both came to a verdict"):
        only([a_run(tmp_path / "a", "x!"), a_run(tmp_path / "b", "!x")])
