"""Where Assay keeps what can be made again: compiled programs, precompiled headers, reference answers."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir(name: str) -> Path:
    """The folder for one kind of cache: below $ASSAY_CACHE, or below the user's cache folder. It may not exist yet."""
    chosen = os.environ.get("ASSAY_CACHE")
    if chosen:
        return Path(chosen) / name
    import platformdirs

    return Path(platformdirs.user_cache_dir("assay")) / name
