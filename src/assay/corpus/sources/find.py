"""What a user typed becomes files, one at a time, always in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assay.corpus.draft import Entry, Repository
from assay.corpus.sources import folder, packages, stdlib, tabular
from assay.errors import AssayError

Found = tuple[Repository, Entry] | tabular.Range


def find(sources: Sequence[str]) -> Iterator[Found]:
    """Every file of every source, and for tables ranges of rows. Check the sources first."""
    taken: dict[str, str] = {}
    for source in sources:
        if source == "stdlib:":
            yield from stdlib.find()
        elif source.startswith("packages:"):
            yield from packages.find(source)
        elif tabular.is_table(Path(source)):
            yield from tabular.ranges(Path(source), source)
        else:
            yield from folder.find(source, taken)


def check(sources: Sequence[str]) -> None:
    """Raises AssayError, naming it, for a source that is not there, before anything is read."""
    for source in sources:
        if source == "stdlib:":
            continue
        if source.startswith("packages:"):
            packages.check(source)
        elif ":" in source and not Path(source).exists():
            raise AssayError(
                f"There is no source {source!r}. Known: a folder, a .jsonl or .parquet file, stdlib:, packages:, "
                "packages:NAME,NAME."
            )
        elif not Path(source).exists():
            raise AssayError(f"The source {source} does not exist. Check the spelling; a folder or a file is needed.")
        elif Path(source).is_file():
            tabular.check(Path(source))
    if len(set(sources)) < len(sources):
        raise AssayError("A source is named twice. Every source counts once; leave the second out.")
