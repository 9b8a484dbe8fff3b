"""One sandbox for all tests of a file, and a way to have only one isolation level."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.sandbox import warm
from assay.sandbox.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(jobs=2) as opened:
        yield opened


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Call it with levels: open_zygote then knows no others."""
    before = warm._works

    def restrict(*levels: warm.Level) -> None:
        monkeypatch.setattr(warm, "LEVELS", levels)
        monkeypatch.setattr(warm, "_works", None)

    yield restrict
    warm._works = before
