"""Packages that are installed beside this Python. Each distribution is a repository with its own licence."""

from __future__ import annotations

import importlib.metadata as metadata
import re
from collections.abc import Iterator
from pathlib import Path

from assay.corpus import licences
from assay.corpus.draft import Entry, Licence, Repository
from assay.corpus.sources import folder
from assay.errors import AssayError


def find(source: str) -> Iterator[tuple[Repository, Entry]]:
    """The files of all installed packages, or of those named after "packages:"."""
    wanted = _wanted(source)
    for name, distribution in sorted(_installed().items()):
        if wanted and name not in wanted:
            continue
        repository = Repository(f"pypi/{name}", source, distribution.version)
        for entry in _entries(distribution):
            yield repository, entry


def check(source: str) -> None:
    """Raises AssayError for a package that is not installed."""
    if missing := sorted(_wanted(source) - set(_installed())):
        raise AssayError(
            f"No package {missing[0]!r} is installed beside this Python. Install it: python -m pip install {missing[0]}"
        )


def canonical(name: str) -> str:
    """A package's name as the index spells it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _wanted(source: str) -> set[str]:
    return {canonical(name) for name in source.partition(":")[2].split(",") if name.strip()}


def _installed() -> dict[str, metadata.Distribution]:
    found: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions():
        if name := distribution.metadata["Name"]:
            found.setdefault(canonical(name), distribution)
    return found


def _readme(distribution: metadata.Distribution) -> Entry | None:
    """The description that a package's metadata ends with; most wheels have no other README."""
    for file in distribution.files or ():
        if file.name == "METADATA" and ".dist-info/" in str(file):
            path = Path(str(distribution.locate_file(file)))
            kind = (distribution.metadata["Description-Content-Type"] or "").partition(";")[0].strip()
            ending = {"text/markdown": ".md", "text/x-rst": ".rst"}.get(kind, ".txt")
            size = path.stat().st_size if path.exists() else 0
            return Entry(f"README{ending}", str(path), size, licences.of_distribution(distribution))
    return None


def _entries(distribution: metadata.Distribution) -> Iterator[Entry]:
    """What the package's own list of files says, without its metadata; vendored folders keep their own licence."""
    whole = licences.of_distribution(distribution)
    listed = sorted(str(file) for file in distribution.files or ())
    by_folder: dict[str, list[str]] = {}
    for name in listed:
        by_folder.setdefault(name.rpartition("/")[0], []).append(name.rpartition("/")[2])
    known: dict[str, Licence] = {"": whole}

    def licence(inside: str) -> Licence:
        if inside not in known:
            above = licence(inside.rpartition("/")[0])
            here = str(distribution.locate_file(inside))
            known[inside] = licences.nearer(here, by_folder.get(inside, []), above) if "/" in inside else above
        return known[inside]

    if readme := _readme(distribution):
        yield readme
    for name in listed:
        top = name.split("/", 1)[0]
        if name.startswith("..") or top.endswith((".dist-info", ".egg-info")) or "__pycache__" in name:
            continue
        file = Path(str(distribution.locate_file(name)))
        try:
            status = file.lstat()
        except OSError as error:
            yield Entry(name, str(file), 0, rule="unreadable", detail=error.strerror or str(error))
            continue
        if file.is_symlink():
            yield Entry(name, str(file), 0, rule="link", detail=str(file.readlink()))
        else:
            yield folder.entry_of(name, str(file), licence(name.rpartition("/")[0]), status)
