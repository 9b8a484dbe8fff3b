"""Documents as Parquet: the columns, and the way there and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.corpus.document import SCHEMA, Document

# What is measured of every file, in this order. A figure that was not computed is null, never zero.
SIGNALS = (
    "characters",
    "lines",
    "mean_line",
    "max_line",
    "alphanumeric",
    "letters",
    "comments",
    "docstrings",
    "documented",
    "functions",
    "replaced",
)
_TEXT_COLUMNS = (
    "text",
    "kind",
    "language",
    "repository",
    "path",
    "split",
    "licence",
    "licence_from",
    "source",
    "revision",
    "sha256",
)
COLUMNS = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in _TEXT_COLUMNS),
        pa.field("weight", pa.float32(), nullable=False),
        pa.field("parts", pa.list_(pa.string())),
        pa.field("imports", pa.list_(pa.string())),
        *(pa.field(name, pa.float32()) for name in SIGNALS),
    ],
    metadata={"assay.corpus.schema": str(SCHEMA)},
)
# A row group is what a reader holds in memory at once.
ROWS_A_GROUP = 512


def as_row(document: Document) -> dict[str, Any]:
    """The row of a document."""
    row = {name: getattr(document, name) for name in (*_TEXT_COLUMNS, "weight")}
    row["parts"], row["imports"] = list(document.parts), list(document.imports)
    return row | {name: document.signals.get(name) for name in SIGNALS}


def from_row(row: Mapping[str, Any]) -> Document:
    """The document of a row."""
    values = {name: row[name] for name in (*_TEXT_COLUMNS, "weight")}
    signals = {name: row[name] for name in SIGNALS if row[name] is not None}
    return Document(**values, parts=tuple(row["parts"] or ()), imports=tuple(row["imports"] or ()), signals=signals)


class Writer:
    """A Parquet file that appears, whole, when the `with` block ends without an exception."""

    def __init__(self, path: Path, columns: pa.Schema = COLUMNS, rows_a_group: int = ROWS_A_GROUP) -> None:
        self.path, self.rows = path, 0
        self._columns, self._rows_a_group = columns, rows_a_group
        self._spare = path.with_name(f".{path.name}.tmp")
        self._file: pq.ParquetWriter | None = None
        self._waiting: list[Mapping[str, Any]] = []

    def __enter__(self) -> Writer:
        self._file = pq.ParquetWriter(self._spare, self._columns, compression="zstd")
        return self

    def write(self, row: Mapping[str, Any]) -> None:
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) >= self._rows_a_group:
            self._flush()

    def _flush(self) -> None:
        if self._waiting and self._file:
            self._file.write_table(pa.Table.from_pylist(self._waiting, schema=self._columns))
            self._waiting = []

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            if self._file:
                self._file.close()
        if kind is None:
            self._spare.replace(self.path)
        else:
            self._spare.unlink(missing_ok=True)


def rows(path: Path, columns: Iterable[str] | None = None, part: int = 0, parts: int = 1) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, a row group in memory at a time; of every `parts` rows the one with number `part`."""
    chosen = list(columns) if columns else None
    before = 0
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=chosen)
            if parts > 1:
                mine = pa.array(range((part - before) % parts, table.num_rows, parts), pa.int64())
                before += table.num_rows
                table = table.take(mine)
            yield from table.to_pylist()
