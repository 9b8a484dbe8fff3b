"""Runs become one table: which row, which column, which number; and the forms in which it is printed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from assay.evaluation.reading import read_with_texts
from assay.report.board import print_leaderboard
from assay.report.card import make_card
from assay.report.leaderboard import Entry, make_leaderboard
from assay.report.markdown import markdown_report
from assay.report.spreadsheet import csv_report
from demo_runs import MakeRun

RIGHT, WRONG = "    pass # right\n", "    pass # verdict: wrong_answer\n"


@pytest.fixture
def half(make_run: MakeRun) -> Entry:
    return Entry("Half", read_with_texts(make_run("half", {"demo/00": [RIGHT], "demo/01": [WRONG]})))


@pytest.fixture
def whole(make_run: MakeRun) -> Entry:
    texts = {"demo/00": [RIGHT] * 5, "demo/01": [RIGHT, *[WRONG] * 4]}
    return Entry("Whole", read_with_texts(make_run("whole", texts)))


def test_models_are_rows_and_benchmarks_are_columns(half: Entry, whole: Entry) -> None:
    board = make_leaderboard([half, whole])
    assert [line.label for line in board.lines] == ["Half", "Whole"]
    assert [column.title for column in board.columns] == ["Demo"]
    score = board.cells[board.lines[0], board.columns[0], "hardened", "pass@1"]
    assert (score.rate, score.tasks, score.samples, score.entry) == (0.5, 2, 2, 0)
    assert score.low is not None and score.high is not None and 0 < score.low < 0.5 < score.high < 1
    assert board.rule_sets[0] == "hardened"


def test_a_cell_is_empty_where_a_model_has_no_such_score(half: Entry, whole: Entry) -> None:
    board = make_leaderboard([half, whole])
    assert (board.metrics[0], board.metrics[-1]) == ("pass@1", "pass@5")
    assert (board.lines[0], board.columns[0], "hardened", "pass@5") not in board.cells
    best = board.cells[board.lines[1], board.columns[0], "hardened", "pass@5"]
    assert best.rate == 1.0 and best.low is not None and best.high == 1.0


def test_two_runs_that_are_alike_in_everything_get_a_row_each(half: Entry) -> None:
    board = make_leaderboard([half, half])
    assert [line.number for line in board.lines] == [1, 2]
    assert board.line_of == (0, 1)


def with_record(entry: Entry, **changes: Any) -> Entry:
    """The same run with another `run.json`; what belongs to `identity` goes there."""
    record = {**entry.reading.run.record, **changes}
    return replace(entry, reading=replace(entry.reading, run=replace(entry.reading.run, record=record)))


def test_a_model_asked_in_another_way_is_another_row(half: Entry) -> None:
    ways = [("chat-1", 0.0), ("chat-1", 0.8), ("base-1", 0.0)]
    asked = [{"prompt": {"name": name}, "temperature": temperature} for name, temperature in ways]
    board = make_leaderboard([with_record(half, generation=one) for one in asked])
    assert [line.setting for line in board.lines] == [
        "prompt chat-1, extractor auto, temperature 0",
        "prompt chat-1, extractor auto, temperature 0.8",
        "prompt base-1, extractor auto, temperature 0",
    ]
    assert len(board.columns) == 1


def test_other_rules_or_another_language_is_another_column(half: Entry) -> None:
    identity = half.reading.run.record["identity"]
    choices = [{}, {"rules": "0.2"}, {"rules": "0.3"}, {"language": "cpp"}]
    board = make_leaderboard([with_record(half, identity={**identity, **choice}) for choice in choices])
    assert [column.asked.data[1:] for column in board.columns] == [
        (),
        ("EvalPlus 0.2 rules",),
        ("EvalPlus 0.3 rules",),
        ("in C++",),
    ]
    assert len(board.lines) == 1


def test_a_run_that_is_not_finished_has_no_score(make_run: MakeRun) -> None:
    folder = make_run("open", {"demo/00": [RIGHT]})
    (folder / "summary.json").unlink()
    entry = Entry("Open", read_with_texts(folder))
    assert not make_leaderboard([entry]).cells
    assert "not finished" in dict(make_card(entry))["Tasks"]


def test_the_terminal_shows_scores_with_interval_and_number_of_tasks(half: Entry, whole: Entry) -> None:
    out = io.StringIO()
    print_leaderboard(make_leaderboard([half, whole]), out)
    assert "pass@1 in percent, hardened rules" in out.getvalue()
    assert "50.0" in out.getvalue() and "n 2" in out.getvalue()


def test_markdown_and_csv_hold_the_same_score(half: Entry) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_report([half]))))
    row = next(row for row in rows if row["rules"] == "hardened")
    assert (row["model"], row["metric"], float(row["rate"]), row["tasks"]) == ("Half", "pass@1", 0.5, "2")
    low, high = (100 * float(row[name]) for name in ("low95", "high95"))
    assert f"50.0 ({low:.1f} to {high:.1f}, n 2)" in markdown_report([half])


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\t=x"])
def test_no_text_in_a_csv_is_a_formula(half: Entry, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_report([Entry(name, half.reading)]))))
    assert {row["model"] for row in rows} == {f"'{name}"}
    assert all(float(row["rate"]) >= 0 for row in rows)


@pytest.mark.parametrize("form", ["terminal", "markdown", "csv"])
def test_no_score_is_printed_without_prompt_extractor_and_data_hash(half: Entry, form: str) -> None:
    out = io.StringIO()
    if form == "terminal":
        print_leaderboard(make_leaderboard([half]), out)
        text = " ".join(out.getvalue().split())
    else:
        text = markdown_report([half]) if form == "markdown" else csv_report([half])
    assert "unknown (recorded" in text
    assert "auto" in text
    assert half.reading.data_sha256[:8] in text


def test_markdown_of_a_strange_name_is_no_markup(half: Entry) -> None:
    text = markdown_report([Entry("a|b <b>\n# c", half.reading)])
    assert "a\\|b \\<b\\> \\# c" in text


def test_the_card_says_what_was_asked_and_how_it_was_judged(half: Entry) -> None:
    card = dict(make_card(half))
    assert set(card) >= {"Model", "Prompt", "Extractor", "Data", "Rules", "Isolation", "Versions", "Judged"}
    assert card["Data"] == f"sha256 {half.reading.data_sha256}"
    assert card["Rules"] == "official, hardened"
