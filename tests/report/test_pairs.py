"""What the report says of two models is what `assay compare` says of their runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assay.evaluation.compare import compare, load_contestants
from assay.evaluation.reading import read_with_texts
from assay.report.comparison import conclusion
from assay.report.islands import task_sets
from assay.report.leaderboard import Entry, make_leaderboard
from assay.report.pairs import Pair, compare_pairs
from demo_runs import MakeRun

RIGHT, WRONG = "    pass\n", "    pass # verdict: wrong_answer\n"


@pytest.fixture
def folders(make_run: MakeRun) -> list[Path]:
    tasks = [f"demo/{n:02}" for n in range(12)]
    good = {task: [WRONG if n < 1 else RIGHT] for n, task in enumerate(tasks)}
    bad = {task: [RIGHT if n < 2 else WRONG] for n, task in enumerate(tasks)}
    return [make_run("pair-bad", bad), make_run("pair-good", good)]


def pairs(*entries: Entry) -> list[Pair]:
    return list(compare_pairs(entries, make_leaderboard(entries), task_sets(entries)))


def test_the_sentence_is_that_of_compare(folders: list[Path]) -> None:
    found = pairs(*(Entry(folder.name, read_with_texts(folder)) for folder in folders))
    expected = compare(load_contestants(folders), rule_set="hardened")[0]
    assert [pair.rule_set for pair in found] == ["hardened", "official"]
    assert {(pair.lines, pair.tasks) for pair in found} == {((0, 1), 0)}
    assert found[0].sentence.startswith(conclusion(expected))
    assert "pair-good is better by" in found[0].sentence
    assert found[0].sentence.endswith(f"McNemar, exact: p = {expected.p_adjusted:.3g}.")


def test_two_rows_with_one_name_are_told_apart(folders: list[Path]) -> None:
    found = pairs(*(Entry("Same", read_with_texts(folder)) for folder in folders))
    assert "Same (prompt unknown (recorded samples), extractor auto, run 2) is better" in found[0].sentence


def test_a_run_that_is_not_finished_is_compared_with_nothing(folders: list[Path]) -> None:
    first, second = (read_with_texts(folder) for folder in folders)
    unfinished = replace(second, run=replace(second.run, summary={}))
    assert pairs(Entry("A", first), Entry("B", unfinished)) == []
