"""These tests know the built-in benchmark alone, so that they are fast and the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="module")
def only_built_in_benchmarks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """$ASSAY_DATA and the user's cache are out of sight; gives the folder that $ASSAY_DATA named."""
    import os

    named = os.environ.get("ASSAY_DATA")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ASSAY_DATA", raising=False)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield Path(named) if named else None
