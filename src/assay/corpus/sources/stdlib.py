"""The running Python's own standard library: real code on every machine. Each top-level module is a repository."""

from __future__ import annotations

import platform
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from assay.corpus.draft import Entry, Licence, Repository
from assay.corpus.sources import folder

LICENCE = Licence("PSF-2.0", "CPython")
# Not of CPython: where packages are installed, and what is made when Python is built.
_SKIPPED = {"site-packages", "dist-packages", "config", "lib-dynload", "ensurepip"}


def find() -> Iterator[tuple[Repository, Entry]]:
    """Its files. A split by repository is a split by module, so that some modules can be kept back."""
    root = Path(sysconfig.get_path("stdlib"))
    revision = platform.python_version()
    for entry in sorted(root.iterdir()):
        if entry.is_symlink() or entry.name in _SKIPPED | folder.SKIPPED or entry.name.startswith("config-"):
            continue
        repository = Repository(f"cpython/{entry.stem if entry.is_file() else entry.name}", "stdlib:", revision)
        if entry.is_dir():
            for found in folder.walk(entry, LICENCE, f"{entry.name}/"):
                yield repository, found
        elif entry.suffix == ".py":
            yield repository, Entry(entry.name, str(entry), entry.stat().st_size, LICENCE)
