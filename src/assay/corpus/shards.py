"""Parts become the shards of the corpus: what is no duplicate is put together, in the order of the plan."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.corpus import behaviour, duplicates, part, workers
from assay.corpus.duplicates import Duplicates
from assay.corpus.progress import Watch
from assay.corpus.table import Writer, rows

# Parts that go into one shard: a part has at most some 8 MB of text.
PARTS_A_SHARD = 16


@dataclass(frozen=True)
class Shard:
    """file: its name in the corpus folder. documents, characters: in it. kind "dropped": what was left out."""

    file: str
    kind: str
    documents: int
    characters: int


class Shards:
    """Writers of one group of parts, one per kind, opened when the first document comes."""

    def __init__(self, out: Path, number: int) -> None:
        self._out, self._number = out, number
        self._stack = ExitStack()
        self._writers: dict[str, Writer] = {}
        self._characters: dict[str, int] = {}

    def __enter__(self) -> Shards:
        return self

    def __exit__(self, *failure: Any) -> None:
        self._stack.__exit__(*failure)

    def write(self, kind: str, row: Mapping[str, Any]) -> None:
        if kind not in self._writers:
            columns = (part.DROPPED,) if kind == "dropped" else ()
            writer = Writer(self._out / f"{kind}-{self._number:05d}.parquet", *columns)
            self._writers[kind] = self._stack.enter_context(writer)
            self._characters[kind] = 0
        self._writers[kind].write(row)
        self._characters[kind] += len(row.get("text", ""))

    def written(self) -> list[Shard]:
        return [
            Shard(writer.path.name, kind, writer.rows, self._characters[kind]) for kind, writer in self._writers.items()
        ]


def write(work: Path, out: Path, counts: list[part.Part], cores: int, watch: Watch) -> list[Shard]:
    """Write the shards of files, pairs and dropped files; a shard appears whole or not at all."""
    groups = [counts[first : first + PARTS_A_SHARD] for first in range(0, len(counts), PARTS_A_SHARD)]
    starts, pair_starts = [0], [0]
    for group in groups:
        starts.append(starts[-1] + sum(each.documents for each in group))
        pair_starts.append(pair_starts[-1] + sum(each.pairs for each in group))
    jobs = list(zip(groups, starts, pair_starts, strict=False))
    watch.begin("writing", len(jobs), "shards")
    written: list[Shard] = []
    for shards in workers.each(functools.partial(_write, work=work, out=out), jobs, cores):
        written += shards
        watch.advance(1)
    return written


def _write(job: tuple[list[part.Part], int, int], work: Path, out: Path) -> list[Shard]:
    group, document, pair = job
    found = Duplicates.load(work / duplicates.FOUND)
    kept_of = {int(number): at for at, number in enumerate(found.dropped_N)}
    repeated, ran = set(found.pairs.tolist()), behaviour.load(work)
    gone = kept_of.keys() | ran.keys()
    with Shards(out, group[0].number // PARTS_A_SHARD) as shards:
        for each in group:
            folder, first = part.folder_of(work, each.number), document
            for row in rows(folder / part.LEFT_OUT):
                shards.write("dropped", row)
            for row in rows(folder / part.DOCUMENTS):
                if document in kept_of:
                    shards.write("dropped", _duplicate(row, found, kept_of[document], work))
                elif document in ran:
                    about = ("benchmark: behaviour", ran[document], int(row["characters"]))
                    shards.write("dropped", _dropped(row, *about))
                else:
                    shards.write("file", row)
                document += 1
            for row in rows(folder / part.PAIRS):
                if first + row.pop("parent") not in gone and pair not in repeated:
                    shards.write("pair", row)
                pair += 1
    return shards.written()


def sizes(work: Path, made: list[part.Part]) -> npt.NDArray[np.int64]:
    """Bytes on disk of every document of the build."""
    pieces = [np.load(part.folder_of(work, each.number) / duplicates.HASHES)["bytes"] for each in made]
    return np.concatenate([*pieces, np.empty(0, np.int64)])


def python(work: Path, made: list[part.Part]) -> Iterator[tuple[int, str]]:
    """(number in the build, text) of the Python files that are no duplicates."""
    dropped = set(Duplicates.load(work / duplicates.FOUND).dropped_N.tolist())
    number = 0
    for each in made:
        for row in rows(part.folder_of(work, each.number) / part.DOCUMENTS, ("language", "text")):
            if row["language"] == "python" and number not in dropped:
                yield number, row["text"]
            number += 1


def left_out(work: Path) -> set[int]:
    """Numbers of the documents that a comparison with other documents or a run took out."""
    return {*Duplicates.load(work / duplicates.FOUND).dropped_N.tolist(), *behaviour.load(work)}


def _duplicate(row: Mapping[str, Any], found: Duplicates, at: int, work: Path) -> dict[str, Any]:
    exact = bool(found.exact_N[at])
    name = _name(work, int(found.kept_N[at]))
    rule, detail = ("exact", f"of {name}") if exact else ("near", f"{found.similarity_N[at]:.2f} with {name}")
    return _dropped(row, f"{rule} duplicate", detail, int(found.bytes_N[at]))


def _dropped(row: Mapping[str, Any], rule: str, detail: str, size: int) -> dict[str, Any]:
    names = {name: row[name] for name in ("repository", "path")}
    return names | {"rule": rule, "detail": detail, "excerpt": row["text"][: part.EXCERPT], "bytes": size}


def _name(work: Path, number: int) -> str:
    """ "repository/path" of a document by its number in the build."""
    starts = _starts(work)
    each = int(np.searchsorted(starts, number, side="right")) - 1
    return _names(work, each)[number - starts[each]]


@functools.lru_cache(maxsize=1)
def _starts(work: Path) -> list[int]:
    starts = [0]
    for each in parts(work):
        starts.append(starts[-1] + each.documents)
    return starts


@functools.lru_cache(maxsize=64)
def _names(work: Path, number: int) -> list[str]:
    folder = part.folder_of(work, number)
    return [f"{row['repository']}/{row['path']}" for row in rows(folder / part.DOCUMENTS, ("repository", "path"))]


def parts(work: Path) -> Iterator[part.Part]:
    """What all parts report, in order."""
    number = 0
    while made := part.load(part.folder_of(work, number), number):
        yield made
        number += 1
