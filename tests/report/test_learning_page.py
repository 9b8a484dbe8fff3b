"""What is shown of a run of reinforcement learning."""

from __future__ import annotations

import json

from assay.report.learning import Lines
from assay.report.learning_page import learning_page, read_rows


def step(number: int, reward: float = 0.25, settled: float = 0.5) -> dict:
    return {
        "step": number,
        "seconds": number * 1.5,
        "reward": reward,
        "by_depth": {"1": [6, 8], "4": [0, 8]},
        "settled": settled,
        "entropy": 0.3,
        "length": 31.5,
        "truncated": 0.01,
        "unique": 0.6,
        "gradient": 1.2,
        "replay_loss": 0.4,
        "harness_errors": 0,
        "groups": 16,
        "taught": 8,
        "audited": 4,
        "audit_wrong": int(number == 2),
        "time": {"write": 0.8, "judge": 0.2, "learn": 0.5},
    }


CHECK = {"step": 0, "seconds": 0.0, "held_out": {"passed": 3, "tried": 10, "by_depth": {"1": [3, 5], "4": [0, 5]}}}


def test_the_page_has_a_curve_for_everything_that_is_watched():
    page = learning_page([CHECK, *(step(n) for n in range(1, 30))])
    for title in (
        "Reward",
        "Held out, executed",
        "Groups",
        "Entropy",
        "Length",
        "Cut off",
        "Time",
        "Rewarded and wrong",
    ):
        assert f"<h2>{title}</h2>" in page, title
    assert "<script" not in page and page.count("<svg") >= 10
    assert learning_page([])


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    (tmp_path / "log.jsonl").write_text(json.dumps(CHECK) + '\n{"step": 1, "rew')
    assert read_rows(tmp_path / "log.jsonl") == [CHECK]


def shown(tmp_path, rows, capsys) -> str:
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with Lines(tmp_path, 60.0, 0) as lines:
        for row in rows:
            lines._next_line = 0.0
            lines.row(row)
    assert (tmp_path / "curves.html").exists()
    return capsys.readouterr().err


def test_a_line_says_how_it_goes(tmp_path, capsys):
    said = shown(tmp_path, [CHECK, step(1), step(2)], capsys)
    assert "held out 30.0% of 10 greedy (by depth 1:60% 4:0%)" in said
    assert "reward 25.0% settled 50%" in said and "judge 0.20" in said and "0:57 left" in said


def test_it_is_said_why_nothing_is_learnt(tmp_path, capsys):
    said = shown(tmp_path, [step(n, 0.0, 1.0) for n in range(1, 15)], capsys)
    assert said.count("nothing to learn from") == 1
