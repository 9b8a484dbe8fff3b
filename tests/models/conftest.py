"""A tiny checkpoint, made once; without the extra the tests that need one are skipped, and say how to run them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def foreign_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an architecture that Assay's own network does not know."""
    return _make("llama", tmp_path_factory)


@pytest.fixture(scope="session")
def own_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an architecture that Assay's own network knows."""
    return _make("qwen3", tmp_path_factory)


@pytest.fixture(scope="session")
def checkpoint(foreign_checkpoint: Path) -> Path:
    return foreign_checkpoint


def _make(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("torch", "transformers"):
        pytest.importorskip(name, reason=f"{name} is not installed; run: make test-models")
    from tiny import make_checkpoint

    return make_checkpoint(tmp_path_factory.mktemp("tiny") / kind, kind=kind)
