"""Folders: every file below, without following links; folders with `.git` are repositories of their own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assay.corpus import licences
from assay.corpus.draft import Entry, Licence, Repository
from assay.corpus.language import may_be_text
from assay.corpus.sources import git

# Made by tools, never by people.
_SKIPPED = """
.git .hg .svn .bzr node_modules __pycache__ .venv venv .tox .nox .eggs .mypy_cache .ruff_cache .pytest_cache
.hypothesis .ipynb_checkpoints .idea .gradle .terraform bower_components .work .peers
"""
SKIPPED = frozenset(_SKIPPED.split())


def find(source: str, taken: dict[str, str]) -> Iterator[tuple[Repository, Entry]]:
    """The files of a folder, or one file. taken: names of repositories given away so far, with their folders."""
    root = Path(source)
    if root.is_file():
        repository = Repository(_name(root.parent, taken), source)
        yield repository, entry_of(root.name, str(root), licences.of_folder(root.parent), root.lstat())
        return
    yield from _repository(root, source, taken)


def repositories(source: str, taken: dict[str, str]) -> Iterator[tuple[Repository, Path]]:
    """The git repositories in a folder, itself among them, with their tops."""
    waiting = [Path(source)]
    while waiting:
        root = waiting.pop(0)
        if git.is_repository(root):
            yield _named(root, source, taken), root
        waiting += [Path(entry.file) for entry in walk(root, Licence()) if entry.detail == "repository"]


def _named(root: Path, source: str, taken: dict[str, str]) -> Repository:
    if not git.is_repository(root):
        return Repository(_name(root, taken), source)
    return Repository(git.name(root) or _name(root, taken), source, git.revision(root))


def _repository(root: Path, source: str, taken: dict[str, str]) -> Iterator[tuple[Repository, Entry]]:
    repository = _named(root, source, taken)
    listed = git.listed(root) if git.is_repository(root) else None
    nested = []
    for entry in walk(root, licences.of_folder(root)):
        if entry.rule == "skipped folder" and entry.detail == "repository":
            nested.append(Path(entry.file))
        elif listed is not None and not entry.rule and entry.path not in listed:
            yield repository, replace(entry, rule="ignored by git")
        else:
            yield repository, entry
    for folder in nested:
        yield from _repository(folder, source, taken)


def walk(root: Path, licence: Licence, prefix: str = "") -> Iterator[Entry]:
    """Every file below a folder in the order of names; what is not read is told too, with its rule.

    A folder inside that is a git repository comes as a skipped folder with the detail "repository".
    """
    waiting = [(prefix, str(root), licence)]
    while waiting:
        path, folder, licence = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                inside = sorted(listing, key=lambda item: item.name)
        except OSError as error:
            yield Entry(path.rstrip("/") or ".", folder, 0, rule="unreadable", detail=error.strerror or str(error))
            continue
        if path != prefix:
            licence = licences.nearer(folder, [item.name for item in inside], licence)
        folders = []
        for item in inside:
            name = path + _printable(item.name)
            try:
                if item.is_symlink():
                    yield Entry(name, item.path, 0, rule="link", detail=_printable(str(Path(item.path).readlink())))
                elif not item.is_dir(follow_symlinks=False):
                    yield entry_of(name, item.path, licence, item.stat(follow_symlinks=False))
                elif item.name in SKIPPED:
                    yield Entry(name, item.path, 0, rule="skipped folder")
                elif git.is_repository(Path(item.path)):
                    yield Entry(name, item.path, 0, rule="skipped folder", detail="repository")
                else:
                    folders.append((f"{name}/", item.path, licence))
            except OSError as error:
                yield Entry(name, item.path, 0, rule="unreadable", detail=error.strerror or str(error))
        waiting.extend(reversed(folders))


def entry_of(path: str, file: str, licence: Licence, status: os.stat_result) -> Entry:
    """A file, or why it is not opened."""
    if not stat.S_ISREG(status.st_mode):
        return Entry(path, file, 0, rule="not a file", detail=stat.filemode(status.st_mode))
    if not may_be_text(path):
        return Entry(path, file, status.st_size, rule="unknown language", detail=Path(path).suffix)
    return Entry(path, file, status.st_size, licence)


def _printable(name: str) -> str:
    """A file name that is not UTF-8 cannot stand in a table; its bytes are shown as Python would write them."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _name(root: Path, taken: dict[str, str]) -> str:
    """The folder's own name; with as much of its parents as it takes to tell it from the others."""
    whole = root.resolve()
    parts = [_printable(part) for part in whole.parts if part != "/"] or ["root"]
    for count in range(1, len(parts) + 1):
        name = "/".join(parts[-count:])
        if taken.setdefault(name, str(whole)) == str(whole):
            return name
    return "/".join(parts)
