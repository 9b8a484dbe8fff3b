"""Files of texts: JSON Lines and Parquet. They are cut into ranges that are read independently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import AssayError

RANGE_BYTES = 16 << 20
# What other corpora call the columns; the first that a row has is taken.
NAMES = {
    "text": ("text", "content", "code", "raw_content"),
    "path": ("path", "file_path", "filename", "max_stars_repo_path"),
    "repository": ("repository", "repo", "repo_name", "repository_name", "max_stars_repo_name"),
    "licence": ("licence", "license", "licenses", "detected_licenses", "max_stars_repo_licenses"),
    "language": ("language", "lang", "programming_language"),
}


@dataclass(frozen=True)
class Range:
    """Rows of one file: bytes `start` to `stop` of JSON Lines (the lines that begin there), row groups of Parquet."""

    source: str
    file: str
    start: int
    stop: int


@dataclass(frozen=True)
class Row:
    """One row. number: of the row in its range. text is None for a row that has none; `problem` says why."""

    number: int
    bytes: int
    text: str | None
    fields: Mapping[str, Any]
    problem: str = ""


def is_table(path: Path) -> bool:
    """Whether a source is a table, by its name."""
    return path.suffix.lower() in (".jsonl", ".ndjson", ".parquet") and path.is_file()


def check(path: Path) -> None:
    """Raises AssayError for a Parquet file that is none or has no column with texts, and for packed JSON Lines."""
    if path.name.endswith((".jsonl.gz", ".jsonl.zst", ".jsonl.xz", ".jsonl.bz2")):
        raise AssayError(f"{path} is packed, so it cannot be read in pieces. Unpack it first.")
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(path) as file:
                names = file.schema_arrow.names
        except (OSError, ValueError) as error:
            raise AssayError(f"{path} is no Parquet file that can be read ({error}).") from None
        if not any(name in names for name in NAMES["text"]):
            raise AssayError(f"{path} has no column of texts. It needs one of: {', '.join(NAMES['text'])}.")


def ranges(path: Path, source: str) -> Iterator[Range]:
    """The pieces of a file, in order."""
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                yield Range(source, str(path), group, group + 1)
        return
    size = path.stat().st_size
    for start in range(0, size, RANGE_BYTES):
        yield Range(source, str(path), start, min(start + RANGE_BYTES, size))


def rows(piece: Range, most_bytes: int) -> Iterator[Row]:
    """The rows of a piece. A line longer than eight times `most_bytes` is told without being held in memory."""
    read = _parquet(piece) if piece.file.lower().endswith(".parquet") else _lines(piece, most_bytes * 8)
    for number, (size, row) in enumerate(read, 1):
        if isinstance(row, str):
            yield Row(number, size, None, {}, row)
            continue
        text = _field(row, "text")
        fields = {name: _field(row, name) for name in NAMES if name != "text"}
        problem = "" if isinstance(text, str) else f"no text in any of: {', '.join(NAMES['text'])}"
        yield Row(number, size, text if isinstance(text, str) else None, fields, problem)


def _field(row: Mapping[str, Any], name: str) -> Any:
    return next((row[other] for other in NAMES[name] if row.get(other) is not None), None)


def _parquet(piece: Range) -> Iterator[tuple[int, dict[str, Any] | str]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(piece.file) as file:
        wanted = [name for names in NAMES.values() for name in names if name in file.schema_arrow.names]
        for group in range(piece.start, piece.stop):
            # In batches: a row group may be as large as the file.
            for batch in file.iter_batches(batch_size=256, row_groups=[group], columns=wanted):
                for row in batch.to_pylist():
                    text = _field(row, "text")
                    yield len(text.encode()) if isinstance(text, str) else 0, row


def _lines(piece: Range, longest: int) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with Path(piece.file).open("rb") as file:
        if piece.start:
            file.seek(piece.start - 1)
            _rest_of_line(file)  # it belongs to the piece before
        while file.tell() < piece.stop:
            line = file.readline(longest + 1)
            if not line:
                return
            if len(line) > longest:
                yield len(line) + _rest_of_line(file), "the line is too long"
            elif line.strip():
                yield len(line), _parsed(line)


def _rest_of_line(file: Any) -> int:
    size = 0
    while part := file.readline(1 << 20):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


def _parsed(line: bytes) -> dict[str, Any] | str:
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        return f"not UTF-8 (byte {error.start + 1} of the line)"
    except (ValueError, RecursionError) as error:
        return f"not JSON ({error})"[:200]
    return row if isinstance(row, dict) else "not a JSON object"
