"""Finished runs over tasks of the built-in demo, made with the judge that reads verdicts out of comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

# (name of the run, task id -> completions, more of the command line) -> run folder
MakeRun = Callable[..., Path]


@contextmanager
def run_maker(folder: Path) -> Iterator[MakeRun]:
    """Makes runs in `folder`. A completion such as "    pass # hardened: wrong_answer" gets that verdict."""
    from assay.cli.main import main
    from fakes import FakePool

    def make(name: str, texts: Mapping[str, Sequence[str]], *options: str) -> Path:
        samples = folder / f"{name}.jsonl"
        rows = [{"task_id": task, "completion": text} for task, ones in texts.items() for text in ones]
        samples.write_text("".join(json.dumps(row) + "\n" for row in rows))
        model = f"recorded:{samples}"
        argv = ["eval", "demo", "--model", model, "--partial", "--out", str(folder / name)]
        assert main([*argv, *(options or ("--judge", "both"))]) in (0, 3)
        return folder / name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assay.judge.pool.JudgePool", FakePool)
        yield make
