"""What there is to do, written down once: an interrupted build goes on with the same pieces."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from assay.corpus.draft import Entry, Licence, Repository
from assay.corpus.options import Options
from assay.corpus.sources.find import find
from assay.corpus.sources.tabular import Range

# A piece takes a few seconds: small enough to lose little by a crash, large enough that files are few.
PIECE_BYTES, PIECE_FILES = 8 << 20, 2000
PLAN, TOTALS = "plan.jsonl", "plan.json"

Piece = dict[str, Any]


def make(options: Options, work: Path, tell: Callable[[int], None]) -> dict[str, int]:
    """Find every file, write the pieces to `work`, and return how many pieces, files and bytes there are.

    tell: called with the number of files found so far. A plan that is there already is taken as it is.
    """
    if (work / TOTALS).exists():
        totals: dict[str, int] = json.loads((work / TOTALS).read_bytes())
        return totals
    pieces = files = size = 0
    with (work / PLAN).open("w", encoding="ascii") as out:
        for piece in _pieces(options):
            out.write(json.dumps({"number": pieces} | piece) + "\n")
            pieces += 1
            files += len(piece["files"])
            size += piece["bytes"]
            tell(files)
    totals = {"pieces": pieces, "files": files, "bytes": size}
    spare = work / f".{TOTALS}"
    spare.write_text(json.dumps(totals))
    spare.replace(work / TOTALS)
    return totals


def pieces(work: Path) -> Iterator[Piece]:
    """The pieces, one at a time; the plan may be longer than the memory."""
    with (work / PLAN).open(encoding="ascii") as lines:
        yield from map(json.loads, lines)


def _pieces(options: Options) -> Iterator[Piece]:
    repositories: dict[Repository, int] = {}
    licences: dict[Licence, int] = {}
    entries: list[list[Any]] = []
    size = 0

    def piece() -> Piece:
        return {
            "repositories": [astuple(repository) for repository in repositories],
            "licences": [astuple(licence) for licence in licences],
            "files": entries,
            "bytes": size,
        }

    for found in find(options.sources):
        if isinstance(found, Range):
            length = found.stop - found.start if not found.file.endswith(".parquet") else 0
            yield {"rows": astuple(found), "files": [], "bytes": length}
            continue
        repository, entry = found
        entries.append(
            [
                repositories.setdefault(repository, len(repositories)),
                licences.setdefault(entry.licence, len(licences)),
                entry.path,
                entry.file,
                entry.bytes,
                entry.rule,
                entry.detail,
            ]
        )
        # What is not read costs nothing, and what is too large is not read.
        size += entry.bytes if not entry.rule and entry.bytes <= options.most_bytes else 0
        if size >= PIECE_BYTES or len(entries) >= PIECE_FILES:
            yield piece()
            repositories, licences, entries, size = {}, {}, [], 0
    if entries:
        yield piece()


def entries(piece: Piece) -> Iterator[tuple[Repository, Entry]]:
    """The files of a piece."""
    repositories = [Repository(*values) for values in piece["repositories"]]
    licences = [Licence(*values) for values in piece["licences"]]
    for repository, licence, path, file, size, rule, detail in piece["files"]:
        yield repositories[repository], Entry(path, file, size, licences[licence], rule, detail)
