"""The records that reports are made of come from the same place as in the tests of evaluation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

from demo_runs import MakeRun, run_maker


@pytest.fixture(scope="session")
def make_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeRun]:
    with run_maker(tmp_path_factory.mktemp("runs")) as make:
        yield make
