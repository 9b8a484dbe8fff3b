"""`assay train --tensorboard`: what TensorBoard shows is what the log says, of a run that was stopped too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

for _name in ("torch", "tokenizers", "tensorboard"):
    pytest.importorskip(_name, reason=f"{_name} is not installed; run: make test-training")

from assay.cli.main import main  # noqa: E402
from assay.report import tensorboard as board  # noqa: E402
from assay.training.log import read_log  # noqa: E402
from tiny_runs import arguments, tasks_folder  # noqa: E402


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(board, "_EVERY_S", 0.0)
    return tasks_folder(tmp_path / "tasks")


def shown(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    return {tag: [(one.step, one.value) for one in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def logged(out: Path, kind: str, name: str) -> list[tuple[int, Any]]:
    rows = [row for row in read_log(out / "log.jsonl") if row["kind"] == kind]
    return [(row["step"], pytest.approx(row[name], rel=1e-6)) for row in rows]


def test_it_shows_what_the_log_says(tasks: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert main([*arguments(tasks, out), "--tensorboard"]) == 0
    curves = shown(out / "tensorboard")
    for name in ("loss", "bits_per_byte", "tokens_per_s", "grad_norm", "tokens"):
        assert curves[f"training/{name}"] == logged(out, "step", name)
    assert len(curves["training/loss"]) > 10
    assert "training/tasks/infill" in curves


def test_a_run_that_goes_on_draws_nothing_twice(tasks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run"
    draw = board.Board.row

    def stop(self: board.Board, row: Any) -> None:
        draw(self, row)
        if row["step"] == 9:  # steps since the last checkpoint are drawn, and will be made again
            self.flush()
            raise KeyboardInterrupt

    monkeypatch.setattr(board.Board, "row", stop)
    assert main([*arguments(tasks, out), "--tensorboard"]) == 130
    monkeypatch.setattr(board.Board, "row", draw)
    assert shown(out / "tensorboard")["training/loss"][-1][0] == 9
    assert main([*arguments(tasks, out), "--tensorboard"]) == 0
    assert shown(out / "tensorboard")["training/loss"] == logged(out, "step", "loss")


def test_checks_and_experts_are_numbers_too() -> None:
    row = {
        "kind": "check",
        "step": 7,
        "pass@1": 0.25,
        "by_depth": {"1": [0.5, 2]},
        "samples": [{"text": "x"}],
        "experts": {"dead": 1, "balance": None},
    }
    assert dict(board.numbers(row)) == {"pass@1": 0.25, "by_depth/1": 0.5, "experts/dead": 1}


def test_without_tensorboard_it_is_said_before_anything_is_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assay.cli.train.find_spec", lambda name: None)
    assert main(["train", "--forge", str(tmp_path), "--out", str(tmp_path / "run"), "--tensorboard"]) == 2
    assert "pip install tensorboard" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
