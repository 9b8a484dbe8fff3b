"""Parts become the shards of the corpus: what is left is put together, in the order of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assay.corpus import part, workers
from assay.corpus.options import Options
from assay.corpus.progress import Watch
from assay.corpus.table import Writer, rows

# Parts that go into one shard: a part is at most some 8 MB of text.
PARTS_A_SHARD = 16


@dataclass(frozen=True)
class Shard:
    """file: its name in the corpus folder. documents, characters: in it."""

    file: str
    kind: str
    documents: int
    characters: int


def write(options: Options, work: Path, out: Path, parts: int, cores: int, watch: Watch) -> list[Shard]:
    """Write every shard that is not there yet, and tell which there are; empty ones are left out."""
    groups = [range(first, min(first + PARTS_A_SHARD, parts)) for first in range(0, parts, PARTS_A_SHARD)]
    watch.begin("writing", len(groups), "shards")
    written: list[Shard] = []
    for shards in workers.each(partial(_write, work=work, out=out), groups, cores):
        written += shards
        watch.advance(1)
    return written


def _write(group: range, work: Path, out: Path) -> list[Shard]:
    number = group.start // PARTS_A_SHARD
    file = f"file-{number:05d}.parquet"
    characters = 0
    with Writer(out / file) as documents, Writer(out / f"dropped-{number:05d}.parquet", part.DROPPED) as left_out:
        for folder in _folders(group, work):
            for row in rows(folder / part.LEFT_OUT):
                left_out.write(row)
            for row in rows(folder / part.DOCUMENTS):
                documents.write(row)
                characters += len(row["text"])
    return [Shard(file, "file", documents.rows, characters)]


def _folders(group: range, work: Path) -> Iterator[Path]:
    return (part.folder_of(work, number) for number in group)
