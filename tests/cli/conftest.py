"""A small benchmark in $ASSAY_DATA, and the command line in this process with a judge that needs no sandbox."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

from commandline import Assay, write_benchmark


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """$ASSAY_DATA with five tasks; the working directory is a fresh one beside it."""
    folder = write_benchmark(tmp_path / "data", 5)
    monkeypatch.setenv("ASSAY_DATA", str(folder))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


@pytest.fixture
def assay(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Assay:
    """Runs a command line in this process with the fake judge: exit status, stdout, stderr."""
    from assay.cli.main import main
    from fakes import FakePool

    monkeypatch.setattr("assay.judge.pool.JudgePool", FakePool)

    def call(*argv: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = main([str(word) for word in argv])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return call
