"""A tiny checkpoint, made once; without the extra the tests that need one are skipped, and say how to run them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("torch", "transformers"):
        pytest.importorskip(name, reason=f"{name} is not installed; run: make test-models")
    from tiny import make_checkpoint

    return make_checkpoint(tmp_path_factory.mktemp("tiny") / "model")
