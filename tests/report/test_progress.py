"""Progress costs next to nothing per row, and says how fast, how good and how long."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from assay.judge.verdict import Verdict, VerdictKind
from assay.models.completion import Completion, Failure
from assay.report import progress
from assay.sandbox.program import Isolation

JAIL = Isolation("namespaces")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test moves: seconds in clock[0]."""
    now = [100.0]
    monkeypatch.setattr("assay.report.progress.time.monotonic", lambda: now[0])
    return now


def said(official: str, hardened: str) -> Mapping[str, Verdict]:
    return {"official": Verdict(VerdictKind(official)), "hardened": Verdict(VerdictKind(hardened))}


def test_a_log_gets_a_line_every_ten_seconds_and_one_at_the_end(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.watch() as watcher:
        watcher.begin(100, 0, JAIL)
        for _ in range(100):
            clock[0] += 0.5
            watcher.judged(said("accepted", "accepted"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "assay: judging 100 samples, isolation namespaces"
    assert [line.split()[1] for line in lines[1:]] == ["20/100", "40/100", "60/100", "80/100", "100/100"]


def test_a_line_says_rate_share_harness_errors_and_time_left(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.Lines() as watcher:
        watcher.begin(40, 30, JAIL)
        for hardened in ("accepted", "wrong_answer", "harness_error", "accepted"):
            clock[0] += 4.0
            watcher.judged(said("accepted", hardened))
    assert "33/40 judged, 0.5 verdicts/s, 50.0% accepted, 1 harness error, 0:28 left" in capsys.readouterr().err


def test_a_bar_is_redrawn_at_most_five_times_a_second(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(progress.Bar, "show", lambda self: drawn.append(self.done))
    with progress.Bar() as watcher:
        watcher.begin(10_000, 0, JAIL)
        for _ in range(9_999):
            clock[0] += 0.001
            watcher.judged(said("accepted", "accepted"))
    assert 45 <= len(drawn) <= 50


def test_a_terminal_gets_a_bar_and_everything_else_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(progress.watch(), progress.Lines)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert isinstance(progress.watch(), progress.Bar)


def test_a_bar_shows_the_counts(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Bar() as watcher:
        watcher.begin(2, 0, JAIL)
        clock[0] += 1.0
        watcher.judged(said("accepted", "wrong_answer"))
        watcher.judged(said("accepted", "accepted"))
    assert "2/2  4.0 verdicts/s, 50.0% accepted, 0 harness errors, 0:00 left" in capsys.readouterr().err


def test_a_log_says_what_the_model_wrote_and_how_fast(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with progress.Lines() as watcher:
        watcher.begin(5, 1, JAIL, to_write=4)
        for _ in range(2):
            clock[0] += 1.0
            watcher.answered(Completion("text", completion_tokens=60), last=True)
        watcher.answered(Completion("first of two", completion_tokens=80), last=False)
        watcher.answered(Failure("gone"), last=True)
        clock[0] += 8.0
        watcher.judged(said("accepted", "accepted"))
    begin, line = capsys.readouterr().err.splitlines()
    assert begin == "assay: writing 4 and judging 4 samples, isolation namespaces"
    assert line == (
        "assay: 2/4 written, 20 tokens/s, 1 given up; 2/5 judged, 0.2 verdicts/s, 100.0% accepted, 0 harness errors, "
        "0:20 left"
    )


def test_no_tokens_per_second_are_shown_where_the_model_does_not_count_them(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.Lines() as watcher:
        watcher.begin(4, 0, JAIL, to_write=4)
        clock[0] += 10.0
        watcher.answered(Completion("text"), last=True)
    assert "assay: 1/4 written; 0/4 judged, 0.0 verdicts/s, 0 harness errors, ? left" in capsys.readouterr().err


def test_a_terminal_has_a_bar_for_writing_and_one_for_judging(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.Bar() as watcher:
        watcher.begin(2, 0, JAIL, to_write=2)
        clock[0] += 1.0
        watcher.answered(Completion("text", completion_tokens=100), last=True)
        clock[0] += 1.0
        watcher.judged(said("accepted", "accepted"))
    err = capsys.readouterr().err
    assert "writing" in err and "1/2  50 tokens/s" in err
    assert "judging" in err and "1/2  1.0 verdicts/s" in err
